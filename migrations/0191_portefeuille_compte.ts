import type { Knex } from 'knex'

/** The clients of a firm are counted beside its menu on every page: from the index, without reading the clients. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index adherents_portefeuille on adherents (organisme_id, structure_id) include (id, perte_qualite_le);
    drop index adherents_organisme_id_structure_id_idx;
  `)
}
