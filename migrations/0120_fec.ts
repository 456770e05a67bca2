import type { Knex } from 'knex'
import { ADHERENT_VISIBLE, createScopedTable } from '../src/kernel/schema.ts'

/** The checks of the accounting files (FEC) that are sent, and one more type of transfer. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table transferts drop constraint transferts_genre_check;
    alter table transferts add constraint transferts_genre_check
      check (genre in ('liasse', 'declaration_2035', 'balance', 'fec', 'tva', 'pieces', 'autre'));
  `)
  await createScopedTable(knex, 'fec_controles', {
    columns: `
      transfert_fichier_id uuid not null,
      transfert_id uuid not null,
      adherent_id uuid not null,
      nom text not null,
      taille bigint not null check (taille > 0),
      etat text not null check (etat in ('en_attente', 'en_cours', 'fait', 'echec')),
      lus bigint not null default 0,
      demande_le timestamptz not null default now(),
      fini_le timestamptz,
      conforme boolean,
      erreurs int not null default 0,
      alertes int not null default 0,
      qualites int not null default 0,
      rapport jsonb`,
    unique: ['transfert_fichier_id'],
    references: {
      transfert_fichier_id: 'transferts_fichiers',
      transfert_id: 'transferts',
      adherent_id: 'adherents',
    },
    constraints: [`check ((etat = 'fait') = (rapport is not null))`],
    visible: ADHERENT_VISIBLE,
    indexes: ['transfert_id', 'adherent_id, demande_le desc'],
  })
  await knex.raw(`
    -- A report is written once, by the act that checks or by the worker; nobody who sent a file rewrites it.
    alter policy fec_controles_update on fec_controles using ((select app.role()) = 'systeme')
      with check ((select app.role()) = 'systeme');
    revoke delete on fec_controles from parvis_web;
  `)
}
