import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** The news of an organisme: each is for some roles, from a day and until another. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- The calendar day in France, in which every delay is counted.
    create function app.aujourdhui() returns date language sql stable parallel safe
      as $$ select (now() at time zone 'Europe/Paris')::date $$;
  `)
  await createScopedTable(knex, 'actualites', {
    columns: `
      titre text not null check (titre <> ''),
      chapo text not null default '',
      corps text not null check (corps <> ''),
      categorie text not null check (categorie in
        ('actualite', 'evenement', 'information', 'newsletter', 'partenariat', 'texte_legal')),
      pour_roles text[] not null check (cardinality(pour_roles) > 0 and pour_roles <@ array
        ['adherent', 'cabinet', 'superviseur', 'collaborateur']),
      visible_du date not null,
      visible_au date,
      epinglee_jusqu_au date,
      auteur_id uuid,
      cree_le timestamptz not null default now()`,
    constraints: ['check (visible_au is null or visible_au >= visible_du)'],
    references: { auteur_id: 'utilisateurs' },
    visible: `((select app.est_permanent()) or ((select app.role()) = any (pour_roles)
      and visible_du <= (select app.aujourdhui())
      and (visible_au is null or visible_au >= (select app.aujourdhui()))))`,
    writable: PERMANENT_SEUL,
    indexes: ['visible_du desc, id desc'],
  })
}
