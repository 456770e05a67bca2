import type { Knex } from 'knex'

/** What the home of the staff reads: the documents published last, however many there are. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index documents_derniers on documents (organisme_id, publie_le desc, id desc)
      where publie_le is not null and remplace_le is null and retire_le is null;
  `)
}
