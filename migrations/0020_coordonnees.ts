import type { Knex } from 'knex'
import { createScopedTable } from '../src/kernel/schema.ts'

/** Requests to change the coordinates of an adhérent, or of a structure: an edit is a request that staff decides. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'modifications', {
    columns: `
      adherent_id uuid,
      structure_id uuid,
      zone text not null check (zone in ('siret', 'statut-juridique', 'profession', 'adresse-professionnelle',
        'adresse-personnelle', 'telephones', 'courriel')),
      avant text[] not null,
      apres text[] not null,
      demande_le timestamptz not null default clock_timestamp(),
      demande_par uuid not null,
      close_le timestamptz,
      close_par uuid,
      issue text check (issue in ('acceptee', 'refusee', 'retiree', 'remplacee')),
      motif text not null default ''`,
    references: {
      adherent_id: 'adherents',
      structure_id: 'structures',
      demande_par: 'utilisateurs',
      close_par: 'utilisateurs',
    },
    constraints: [
      'constraint modifications_un_sujet check (num_nonnulls(adherent_id, structure_id) = 1)',
      'constraint modifications_close check (num_nonnulls(close_le, close_par, issue) in (0, 3))',
      `constraint modifications_motif check ((issue = 'refusee') is not true or motif <> '')`,
    ],
    visible: `((select app.est_permanent()) or adherent_id in (select app.adherents_visibles())
      or structure_id = (select app.structure_id()))`,
    writable: `((select app.est_permanent()) or adherent_id = (select app.adherent_id())
      or structure_id = (select app.structure_id()))`,
    indexes: ['adherent_id, demande_le desc', 'structure_id, demande_le desc', 'close_le desc, id desc'],
  })
  await knex.raw(`
    -- One pending request for each zone, and the inbox of the staff in its order.
    create unique index modifications_une_en_attente on modifications (organisme_id, adherent_id, zone)
      where close_le is null and adherent_id is not null;
    create unique index modifications_une_en_attente_structure on modifications (organisme_id, structure_id, zone)
      where close_le is null and structure_id is not null;
    create index modifications_en_attente on modifications (organisme_id, demande_le, id) where close_le is null;
    -- Whoever asks may withdraw or replace; only the staff accepts and refuses.
    create policy modifications_decision on modifications as restrictive for update using (true)
      with check ((select app.est_permanent()) or issue in ('retiree', 'remplacee'));
    create policy modifications_demande on modifications as restrictive for insert
      with check ((select app.est_permanent()) or issue is null);
  `)
}
