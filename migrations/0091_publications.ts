import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** Campaigns of publication: their files, one line for each document, the patterns and the pace that were set. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'publications', {
    columns: `
      source text not null check (source in ('depot', 'emission')),
      titre text not null check (titre <> ''),
      motif text not null default '',
      genre text check (genre in ('attestation', 'compte_rendu', 'dossier_gestion', 'autre')),
      exercice int check (exercice between 2000 and 2100),
      repondeur text not null default 'adherent' check (repondeur in ('adherent', 'cabinet')),
      selection jsonb not null default '{}',
      creee_le timestamptz not null default now(),
      creee_par uuid default app.utilisateur_id(),
      essai_id uuid,
      verifiee_le timestamptz,
      confirmee_le timestamptz,
      confirmee_par uuid,
      avec_partis boolean not null default false,
      publier boolean not null default true,
      prevenir boolean not null default true,
      publier_le timestamptz,
      travail_id uuid,
      publiee_le timestamptz,
      annulee_le timestamptz,
      annulee_par uuid,
      terminee_le timestamptz`,
    references: {
      creee_par: 'utilisateurs',
      essai_id: 'travaux',
      confirmee_par: 'utilisateurs',
      travail_id: 'travaux',
      annulee_par: 'utilisateurs',
    },
    indexes: ['creee_le desc, id', 'essai_id', 'travail_id'],
    visible: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'publication_fichiers', {
    columns: `
      publication_id uuid not null,
      fichier_id uuid not null,
      genre text not null check (genre in ('archive', 'index', 'pdf')),
      depose_le timestamptz not null default clock_timestamp()`,
    unique: ['fichier_id'],
    references: { publication_id: 'publications', fichier_id: 'fichiers' },
    indexes: ['publication_id, depose_le'],
    visible: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'publication_lignes', {
    columns: `
      publication_id uuid not null,
      ordre int not null,
      nom text not null default '',
      entree int,
      source_id uuid,
      numero text not null default '',
      type text not null default '',
      exercice int,
      titre text not null default '',
      attend boolean not null default false,
      avant date,
      defaut_ligne text not null default '',
      taille bigint,
      sha256 text,
      defaut_fichier text not null default '',
      adherent_id uuid,
      cloture_id uuid,
      genre text,
      verdict text not null default 'a_verifier',
      raison text not null default '',
      retenue_le timestamptz,
      document_id uuid,
      courrier_id uuid,
      echec text not null default '',
      publiee_le timestamptz,
      prevenu_le timestamptz`,
    unique: ['publication_id, ordre'],
    references: {
      publication_id: 'publications',
      source_id: 'publication_fichiers',
      adherent_id: 'adherents',
      cloture_id: 'clotures',
      document_id: 'documents',
      courrier_id: 'courriers',
    },
    indexes: [
      'publication_id, verdict',
      'adherent_id',
      'cloture_id',
      'document_id',
      'courrier_id',
      'source_id',
    ],
    visible: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'publication_motifs', {
    columns: `
      motif text not null,
      utilise_le timestamptz not null default now()`,
    unique: ['motif'],
    visible: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'publication_reglages', {
    columns: `
      par_minute int not null default 120 check (par_minute between 0 and 100000),
      delai_minutes int not null default 10 check (delai_minutes between 0 and 1440)`,
    constraints: ['unique (organisme_id)'],
    visible: PERMANENT_SEUL,
  })
  await knex.raw(`
    alter table documents add column exercice int, add column empreinte text;
    -- One paper is put there once, however often its file comes; withdrawn, it may come again.
    create unique index documents_une_fois on documents (organisme_id, adherent_id, genre, coalesce(exercice, 0), empreinte)
      where empreinte is not null and retire_le is null;
    create unique index publication_courriers_une_fois
      on publication_lignes (organisme_id, adherent_id, genre, coalesce(exercice, 0), sha256)
      where courrier_id is not null;
    -- What waits in a campaign, batch after batch.
    create index publication_lignes_a_deposer on publication_lignes (organisme_id, publication_id, ordre)
      where retenue_le is not null and document_id is null and courrier_id is null and echec = '';
    create index publication_lignes_a_publier on publication_lignes (organisme_id, publication_id, ordre)
      where retenue_le is not null and publiee_le is null and (document_id is not null or courrier_id is not null);
    create index publication_lignes_a_prevenir on publication_lignes (organisme_id, publication_id, ordre)
      where publiee_le is not null and prevenu_le is null;
    -- Mails that never arrived, on the fiche of an adhérent.
    create index courriels_abandonnes on courriels (organisme_id, destinataire_id, cree_le desc)
      where abandonne_le is not null;

    -- Who had a document sees that it was withdrawn: the row, and never the file.
    alter policy documents_visible on documents using ((select app.est_permanent())
      or (publie_le is not null and adherent_id in (select app.adherents_visibles())));
  `)
}
