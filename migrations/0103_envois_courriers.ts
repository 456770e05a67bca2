import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** One courrier written once for many adhérents: what it says, to whom, and what became of each. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'envois_courriers', {
    columns: `
      modele_id uuid not null,
      modele_version int not null,
      genre text not null,
      destinataire text not null check (destinataire in ('cabinet', 'adherent')),
      objet text not null,
      corps text not null,
      questions jsonb not null,
      a_repondre_avant date,
      exercice int,
      selection text not null,
      cree_le timestamptz not null default now(),
      cree_par uuid not null default app.utilisateur_id(),
      cree_nom text not null,
      confirme_le timestamptz,
      confirme_par uuid,
      travail_id uuid`,
    references: {
      modele_id: 'modeles_courriers',
      cree_par: 'utilisateurs',
      confirme_par: 'utilisateurs',
      travail_id: 'travaux',
    },
    constraints: ['check ((confirme_le is null) = (confirme_par is null))'],
    indexes: ['cree_le desc, id desc', 'modele_id', 'travail_id'],
    visible: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'envoi_courrier_lignes', {
    columns: `
      envoi_id uuid not null,
      rang int not null,
      numero text not null,
      adherent_id uuid,
      cloture_id uuid,
      valeurs jsonb not null default '{}',
      motif text not null default '',
      courrier_id uuid`,
    unique: ['envoi_id, rang', 'envoi_id, adherent_id', 'courrier_id'],
    references: {
      envoi_id: 'envois_courriers',
      adherent_id: 'adherents',
      cloture_id: 'clotures',
      courrier_id: 'courriers',
    },
    constraints: [
      `check (adherent_id is not null or motif <> '')`,
      `check (courrier_id is null or motif = '')`,
    ],
    indexes: ['adherent_id', 'cloture_id'],
    visible: PERMANENT_SEUL,
  })
  await knex.raw(`create index envoi_courrier_lignes_a_faire on envoi_courrier_lignes (organisme_id, envoi_id, rang)
    where courrier_id is null and motif = ''`)
}
