import type { Knex } from 'knex'

/** The list of the operator counts accounts as the page of an organisme and its quota do: without those who left. */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { source: string }[] }>(
    `select pg_get_functiondef('app.plateforme_organismes()'::regprocedure) as source`,
  )
  const counted = 'from public.utilisateurs u where u.organisme_id = o.id'
  const source = rows[0]!.source
  if (!source.includes(`${counted})`)) throw new Error('0199: app.plateforme_organismes is not as expected')
  await knex.raw(
    source.replace(`${counted})`, `${counted} and (u.parti_le is null or u.parti_le > current_date))`),
  )
}
