import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** Long works: what was asked, how far it is, what came of it. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'travaux', {
    columns: `
      genre text not null,
      titre text not null,
      lien text not null default '',
      donnees jsonb not null default '{}',
      etat text not null default 'pret' check (etat in ('pret', 'en_cours', 'en_pause', 'termine', 'annule', 'echoue')),
      etape text not null default '',
      pas bigint not null default 0,
      curseur jsonb not null default '{}',
      fait int not null default 0 check (fait >= 0),
      total int check (total >= 0),
      rapport jsonb not null default '{}',
      erreur text not null default '',
      demande_par uuid default app.utilisateur_id(),
      cree_le timestamptz not null default now(),
      debut_prevu timestamptz,
      demarre_le timestamptz,
      reprise_le timestamptz,
      avance_le timestamptz not null default now(),
      fini_le timestamptz,
      arrete_par uuid`,
    references: { demande_par: 'utilisateurs', arrete_par: 'utilisateurs' },
    constraints: [`check ((fini_le is not null) = (etat in ('termine', 'annule')))`],
    indexes: ['cree_le desc, id', 'demande_par', 'arrete_par'],
    visible: PERMANENT_SEUL,
  })
  await knex.raw(`
    create index travaux_vivants on travaux (organisme_id, avance_le) where etat in ('pret', 'en_cours');
    revoke delete on travaux from parvis_web;
  `)
}
