import type { Knex } from 'knex'

/**
 * Functions that run with the owner's rights, closed to whom they are not for. A function is born open to PUBLIC:
 * what is taken from `parvis_web` alone is taken from nobody.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Asked by the command of the machine (owner), and by plateforme_creer, which asks for the operator.
    revoke execute on function app.creer_organisme from public, parvis_web;
    -- Called by the triggers of the requests only: it takes the organisme from its caller.
    revoke execute on function app.demande_tenue from public, parvis_web;
  `)
  // Searches of the staff: the ids that they give are nobody else's business.
  for (const search of ['app.chercher_adherents(text, integer)', 'app.chercher_comptes(text, integer)']) {
    const { rows } = await knex.raw<{ rows: [{ body: string }] }>(
      'select pg_get_functiondef(?::regprocedure) as body',
      [search],
    )
    const { body } = rows[0]
    const closed = body.replace('if motifs is null then', 'if motifs is null or not app.est_permanent() then')
    if (closed === body) throw new Error(`${search} is not as 0022 and 0140 made it`)
    await knex.raw(closed)
  }
}
