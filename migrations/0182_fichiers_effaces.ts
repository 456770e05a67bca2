import type { Knex } from 'knex'

/** A file whose time is over: its bytes are gone, and its row says what it was, as the journal and the reports do. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table fichiers add column efface_le timestamptz;
    drop index fichiers_taille;
    create index fichiers_taille on fichiers (organisme_id) include (taille) where efface_le is null;
    create index on fec_controles (organisme_id, fini_le);
  `)
  // What is gone takes no room: neither in the quota nor in what the operator reads of it.
  await rewrite(
    knex,
    'app.tenir_quota_stockage',
    'from public.fichiers where organisme_id = organisme',
    ' and efface_le is null',
  )
  for (const name of ['app.plateforme_organisme', 'app.plateforme_organismes'])
    await rewrite(
      knex,
      name,
      'from public.fichiers f where f.organisme_id = o.id',
      ' and f.efface_le is null',
    )
}

/** The function as it is, with a condition more. */
async function rewrite(knex: Knex, name: string, after: string, more: string): Promise<void> {
  const { rows } = await knex.raw<{ rows: { text: string }[] }>(
    'select pg_get_functiondef(?::regproc) as text',
    [name],
  )
  const { text } = rows[0]!
  if (!text.includes(after)) throw new Error(`${name} is not what it was`)
  await knex.raw(text.replace(after, after + more).replaceAll('?', '\\?'))
}
