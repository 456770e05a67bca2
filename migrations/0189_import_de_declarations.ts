import type { Knex } from 'knex'

/** One more table that the organisme takes in: what became of the declarations sent for its adhérents. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table imports drop constraint imports_genre_check;
    alter table imports add constraint imports_genre_check
      check (genre in ('adherents', 'cabinets', 'collaborateurs', 'affectations', 'exercices', 'declarations'));
  `)
}
