import type { Knex } from 'knex'
import {
  ADHERENT_VISIBLE,
  PERMANENT_SEUL,
  TOUS,
  alsoVisible,
  createScopedTable,
} from '../src/kernel/schema.ts'

/** Exercices, their tracks, their documents, and what the organisme's law says of them. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'regles_clotures', {
    columns: `
      nature_oga text not null default 'OMGA' check (nature_oga in ('CGA', 'AGA', 'OMGA')),
      forme_juridique text not null default 'Association régie par la loi du 1er juillet 1901',
      agrement_numero text not null default '',
      agrement_le date,
      ex_oga_depuis date,
      attestations_jusqu_a date,
      cotisation_exigee boolean not null default false,
      lieu text not null default '',
      signataire text not null default '',
      qualite_signataire text not null default ''`,
    constraints: ['unique (organisme_id)'],
    visible: TOUS,
    writable: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'parametres_legaux', {
    columns: `
      depuis date not null,
      valeurs jsonb not null`,
    unique: ['depuis'],
    visible: TOUS,
    writable: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'clotures', {
    columns: `
      adherent_id uuid not null,
      debut date not null,
      fin date not null,
      reception text not null default 'attendue' check (reception in ('attendue', 'relancee_1', 'relancee_2',
        'mise_en_demeure', 'recue', 'incomplete', 'complete', 'sans_objet')),
      attestation text not null default 'a_emettre' check (attestation in ('a_emettre', 'emise', 'consultee', 'annulee')),
      eccv text not null default 'a_faire' check (eccv in ('a_faire', 'en_cours', 'questions_posees',
        'reponse_a_valider', 'reponse_recue', 'termine_sans_anomalie', 'termine_avec_anomalies')),
      eps text not null default 'non_selectionne' check (eps in ('non_selectionne', 'selectionne', 'fichier_demande',
        'fichier_recu', 'pieces_demandees', 'pieces_recues', 'termine', 'fichier_detruit')),
      crm text not null default 'en_attente' check (crm in ('en_attente', 'redige', 'signe', 'envoye_adherent',
        'transmis_sie', 'ar_sie', 'rectificatif')),
      dossier_gestion text not null default 'a_faire' check (dossier_gestion in ('a_faire', 'calcule', 'commente',
        'publie', 'consulte')),
      recue_le date,
      controle_le date,
      cotisation_reglee_le date,
      comptes jsonb,
      controles jsonb`,
    constraints: [
      'check (debut <= fin)',
      "check (reception not in ('recue', 'incomplete', 'complete') or recue_le is not null)",
    ],
    unique: ['adherent_id, fin'],
    references: { adherent_id: 'adherents' },
    visible: ADHERENT_VISIBLE,
    writable: PERMANENT_SEUL,
    indexes: ['fin'],
  })
  await createScopedTable(knex, 'cloture_mouvements', {
    columns: `
      cloture_id uuid not null,
      piste text not null,
      de text not null,
      vers text not null,
      le timestamptz not null default now(),
      utilisateur_id uuid,
      motif text not null default ''`,
    references: { cloture_id: 'clotures', utilisateur_id: 'utilisateurs' },
    indexes: ['cloture_id, le'],
    visible: 'cloture_id in (select id from public.clotures)',
    writable: PERMANENT_SEUL,
    appendOnly: true,
  })
  await createScopedTable(knex, 'statistiques_professions', {
    columns: `
      profession text not null,
      annee int not null,
      effectif int not null check (effectif >= 0),
      mesures jsonb not null`,
    unique: ['profession, annee'],
    visible: TOUS,
    writable: PERMANENT_SEUL,
  })

  // Numbers of a yearly series: the row is locked until the act commits, so there is no gap and no double.
  await createScopedTable(knex, 'series', {
    columns: `
      nom text not null,
      annee int not null,
      dernier int not null default 0`,
    unique: ['nom, annee'],
    visible: TOUS,
    writable: TOUS,
  })

  await createScopedTable(knex, 'documents', {
    columns: `
      adherent_id uuid not null,
      cloture_id uuid,
      genre text not null check (genre in ('attestation', 'compte_rendu', 'dossier_gestion', 'autre')),
      titre text not null,
      numero text,
      fichier_id uuid not null,
      origine text not null check (origine in ('genere', 'depose')),
      emis_le timestamptz not null default now(),
      emis_par uuid,
      publie_le timestamptz,
      publie_par uuid,
      remplace_id uuid,
      remplace_le timestamptz,
      retire_le timestamptz,
      retire_par uuid,
      retire_motif text not null default ''`,
    unique: ['numero', 'remplace_id'],
    references: {
      adherent_id: 'adherents',
      cloture_id: 'clotures',
      fichier_id: 'fichiers',
      emis_par: 'utilisateurs',
      publie_par: 'utilisateurs',
      retire_par: 'utilisateurs',
      remplace_id: 'documents',
    },
    visible: `((select app.est_permanent()) or (publie_le is not null and retire_le is null
      and adherent_id in (select app.adherents_visibles())))`,
    writable: PERMANENT_SEUL,
    indexes: ['adherent_id, publie_le desc', 'cloture_id', 'fichier_id'],
  })
  await knex.raw(`
    -- Of each kind a clôture has at most one document in preparation, and one published that is the good one.
    create unique index documents_un_brouillon on documents (organisme_id, cloture_id, genre)
      where publie_le is null and retire_le is null and genre <> 'autre';
    create unique index documents_un_publie on documents (organisme_id, cloture_id, genre)
      where publie_le is not null and remplace_le is null and retire_le is null and genre <> 'autre';
  `)
  // Correlated, so that one file costs one index probe, whoever asks and however many documents there are.
  await alsoVisible(
    knex,
    'fichiers',
    'documents',
    `exists (select from public.documents d
      where d.organisme_id = fichiers.organisme_id and d.fichier_id = fichiers.id)`,
  )

  await createScopedTable(knex, 'lectures', {
    columns: `
      document_id uuid not null,
      utilisateur_id uuid not null default app.utilisateur_id(),
      premiere_le timestamptz not null default now()`,
    unique: ['document_id, utilisateur_id'],
    references: { document_id: 'documents', utilisateur_id: 'utilisateurs' },
    visible: 'document_id in (select id from public.documents)',
    writable: `utilisateur_id = (select app.utilisateur_id())
      and document_id in (select id from public.documents)`,
    appendOnly: true,
  })
  await knex.raw(`
    -- The adhérent has opened the good document of a clôture: its track says so. He writes no track himself.
    create function app.document_consulte(document uuid) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        d public.documents;
        c public.clotures;
      begin
        select * into d from public.documents x where x.organisme_id = app.organisme_id() and x.id = document
          and x.adherent_id = app.adherent_id() and x.publie_le is not null
          and x.remplace_le is null and x.retire_le is null;
        if d.cloture_id is null or app.role() <> 'adherent' then return; end if;
        select * into c from public.clotures x where x.organisme_id = d.organisme_id and x.id = d.cloture_id for update;
        if d.genre = 'attestation' and c.attestation = 'emise' then
          update public.clotures x set attestation = 'consultee' where x.organisme_id = c.organisme_id and x.id = c.id;
          insert into public.cloture_mouvements (organisme_id, cloture_id, piste, de, vers, utilisateur_id)
            values (c.organisme_id, c.id, 'attestation', 'emise', 'consultee', app.utilisateur_id());
        elsif d.genre = 'dossier_gestion' and c.dossier_gestion = 'publie' then
          update public.clotures x set dossier_gestion = 'consulte' where x.organisme_id = c.organisme_id and x.id = c.id;
          insert into public.cloture_mouvements (organisme_id, cloture_id, piste, de, vers, utilisateur_id)
            values (c.organisme_id, c.id, 'dossier_gestion', 'publie', 'consulte', app.utilisateur_id());
        end if;
      end $$;
  `)
}
