import type { Knex } from 'knex'

/** A document that was withdrawn replaces nothing any more: the one that it was to replace may get another successor. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table documents drop constraint documents_organisme_id_remplace_id_key;
    create unique index documents_un_remplacant on documents (organisme_id, remplace_id) where retire_le is null;
    create index documents_remplace on documents (organisme_id, remplace_id) where remplace_id is not null`)
}
