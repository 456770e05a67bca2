import type { Knex } from 'knex'
import { ADHERENT_VISIBLE, PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** Declarations sent for clients, as the organisme recorded them, and what became of each at each recipient. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'declarations', {
    columns: `
      adherent_id uuid not null,
      formulaire text not null check (formulaire <> ''),
      millesime int not null check (millesime between 2000 and 2999),
      transmise_le timestamptz not null,
      expediteur text not null,
      enregistree_le timestamptz not null default now()`,
    references: { adherent_id: 'adherents' },
    visible: ADHERENT_VISIBLE,
    writable: PERMANENT_SEUL,
    indexes: ['adherent_id, transmise_le desc, id desc', 'transmise_le desc, id desc'],
  })
  await createScopedTable(knex, 'declarations_destinataires', {
    columns: `
      declaration_id uuid not null,
      destinataire text not null check (destinataire in ('DGFiP', 'OGA', 'banque')),
      statut text not null check (statut in ('deposee_portail', 'rejetee_portail', 'transmise', 'accuse_reception',
        'rejet_syntaxe', 'en_traitement', 'acceptee', 'rejet_partiel', 'rejet_total', 'remplacee', 'annulee')),
      statut_le timestamptz not null,
      depot text not null default '',
      message text not null default ''`,
    unique: ['declaration_id, destinataire'],
    references: { declaration_id: 'declarations' },
    visible: `exists (select from public.declarations d
      where d.organisme_id = declarations_destinataires.organisme_id and d.id = declarations_destinataires.declaration_id)`,
    writable: PERMANENT_SEUL,
  })
}
