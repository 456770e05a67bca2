import type { Knex } from 'knex'
import { PERMANENT_SEUL, alsoVisible, createScopedTable } from '../src/kernel/schema.ts'

/** Of a table whose rows belong to a courrier: whoever sees the courrier sees them. */
const ofVisibleCourrier = (table: string) => `exists (select from public.courriers c
  where c.organisme_id = ${table}.organisme_id and c.id = ${table}.courrier_id)`
const ofVisibleReponse = (table: string) => `exists (select from public.reponses r
  where r.organisme_id = ${table}.organisme_id and r.id = ${table}.reponse_id)`
const ofVisibleDraft = `exists (select from public.brouillons b
  where b.organisme_id = brouillon_fichiers.organisme_id and b.id = brouillon_fichiers.brouillon_id)`
const ownsFile = (table: string) => `exists (select from public.${table} l
  where l.organisme_id = fichiers.organisme_id and l.fichier_id = fichiers.id)`

/** Courriers of the organisme, their questions, readings, drafts and answers, and who validates in whose place. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'courriers', {
    columns: `
      numero text collate "C",
      adherent_id uuid,
      structure_id uuid,
      destinataire text not null check (destinataire in ('adherent', 'cabinet')),
      genre text not null check (genre in ('demande_pieces', 'questions_eccv', 'demande_eps', 'relance',
        'mise_en_demeure', 'attestation', 'crm', 'dossier_gestion', 'information', 'appel_cotisation',
        'convocation_ag', 'formation')),
      objet text not null check (objet <> ''),
      corps text not null default '',
      cloture_id uuid,
      fichier_id uuid,
      origine_id uuid,
      a_repondre_avant date,
      cree_le timestamptz not null default now(),
      cree_par uuid default app.utilisateur_id(),
      publie_le timestamptz,
      publie_par uuid,
      repondu_le timestamptz,
      archive_adherent_le timestamptz,
      archive_cabinet_le timestamptz,
      clos_le timestamptz,
      clos_par uuid`,
    unique: ['numero'],
    references: {
      adherent_id: 'adherents',
      structure_id: 'structures',
      cloture_id: 'clotures',
      fichier_id: 'fichiers',
      origine_id: 'courriers',
      cree_par: 'utilisateurs',
      publie_par: 'utilisateurs',
      clos_par: 'utilisateurs',
    },
    constraints: [
      'check ((publie_le is null) = (numero is null))',
      `check (adherent_id is not null or destinataire = 'cabinet')`,
      `check (destinataire = 'adherent' or structure_id is not null)`,
      'check (repondu_le is null or a_repondre_avant is not null)',
    ],
    // A letter to the firm itself, about no client, is for those who answer for the firm.
    visible: `((select app.est_permanent()) or (publie_le is not null and (
      adherent_id in (select app.adherents_visibles())
      or (adherent_id is null and structure_id = (select app.structure_id())
        and (select app.role()) in ('cabinet', 'superviseur')))))`,
    writable: PERMANENT_SEUL,
    indexes: ['adherent_id, publie_le desc, id desc', 'publie_le desc, id desc', 'origine_id', 'fichier_id'],
  })
  await knex.raw(`
    create index courriers_nouveaux on courriers (organisme_id, structure_id, publie_le desc, id desc)
      where archive_cabinet_le is null and publie_le is not null;
    create index courriers_du_cabinet on courriers (organisme_id, structure_id, publie_le desc, id desc)
      where publie_le is not null;
    create index courriers_clos on courriers (organisme_id, clos_le desc, id desc) where clos_le is not null;
    create index courriers_nouveaux_adherent on courriers (organisme_id, adherent_id)
      where archive_adherent_le is null and publie_le is not null;
    create index courriers_en_preparation on courriers (organisme_id, cree_le desc) where publie_le is null;
    create index courriers_sans_reponse on courriers (organisme_id, a_repondre_avant, id)
      where publie_le is not null and repondu_le is null and clos_le is null and a_repondre_avant is not null;
    create index courriers_a_traiter on courriers (organisme_id, repondu_le, id)
      where repondu_le is not null and clos_le is null;
    alter policy courriers_delete on courriers using ((select app.est_permanent()) and publie_le is null);

    -- What was sent stays as it was sent; what becomes of it may move.
    create function app.courrier_fige() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        libres constant text[] := array['a_repondre_avant', 'repondu_le', 'archive_adherent_le', 'archive_cabinet_le',
          'clos_le', 'clos_par', 'structure_id', 'destinataire'];
      begin
        if old.publie_le is not null and to_jsonb(new) - libres <> to_jsonb(old) - libres then
          raise exception 'a published courrier does not change' using errcode = '23514', constraint = 'courriers_fige';
        end if;
        return new;
      end $$;
    create trigger courriers_fige before update on courriers for each row execute function app.courrier_fige();
  `)

  await createScopedTable(knex, 'courrier_questions', {
    columns: `
      courrier_id uuid not null,
      ordre int not null check (ordre > 0),
      texte text not null check (texte <> ''),
      satisfaite_le timestamptz,
      satisfaite_par uuid,
      redemandee_le timestamptz,
      precision text not null default ''`,
    unique: ['courrier_id, ordre'],
    references: { courrier_id: 'courriers', satisfaite_par: 'utilisateurs' },
    constraints: ['check ((satisfaite_le is null) = (satisfaite_par is null))'],
    visible: ofVisibleCourrier('courrier_questions'),
    writable: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'courrier_envois', {
    columns: `
      courrier_id uuid not null,
      utilisateur_id uuid not null,
      nom text not null,
      role text not null,
      qualite text not null check (qualite in ('destinataire', 'copie')),
      le timestamptz not null default now()`,
    unique: ['courrier_id, utilisateur_id'],
    references: { courrier_id: 'courriers', utilisateur_id: 'utilisateurs' },
    visible: ofVisibleCourrier('courrier_envois'),
    writable: PERMANENT_SEUL,
    appendOnly: true,
  })
  await createScopedTable(knex, 'courrier_lectures', {
    columns: `
      courrier_id uuid not null,
      utilisateur_id uuid not null default app.utilisateur_id(),
      nom text not null,
      role text not null default app.role(),
      premiere_le timestamptz not null default now()`,
    unique: ['courrier_id, utilisateur_id'],
    references: { courrier_id: 'courriers', utilisateur_id: 'utilisateurs' },
    visible: ofVisibleCourrier('courrier_lectures'),
    writable: `utilisateur_id = (select app.utilisateur_id()) and role = (select app.role())
      and ${ofVisibleCourrier('courrier_lectures')}`,
    appendOnly: true,
  })

  await knex.raw(`
    -- Is it up to the side of this person (adhérent or firm) to answer that courrier? Read under his own policies.
    create function app.repond(courrier uuid) returns boolean
      language sql stable set search_path = pg_catalog, pg_temp as $$
      select exists (select from public.courriers c
        where c.organisme_id = app.organisme_id() and c.id = courrier and c.publie_le is not null
          and ((c.destinataire = 'adherent' and app.role() = 'adherent')
            or (c.destinataire = 'cabinet' and app.role() in ('cabinet', 'superviseur', 'collaborateur')
              and c.structure_id = app.structure_id())))
    $$;
  `)

  await createScopedTable(knex, 'suppleances', {
    columns: `
      structure_id uuid not null default app.structure_id(),
      titulaire_id uuid not null,
      suppleant_id uuid not null,
      du date not null,
      au date not null,
      cree_le timestamptz not null default now(),
      cree_par uuid not null default app.utilisateur_id(),
      terminee_le timestamptz,
      terminee_par uuid`,
    references: {
      structure_id: 'structures',
      titulaire_id: 'utilisateurs',
      suppleant_id: 'utilisateurs',
      cree_par: 'utilisateurs',
      terminee_par: 'utilisateurs',
    },
    constraints: ['check (du <= au)', 'check (titulaire_id <> suppleant_id)'],
    visible: `((select app.est_permanent()) or structure_id = (select app.structure_id()))`,
    writable: `structure_id = (select app.structure_id())
      and (select app.role()) in ('cabinet', 'superviseur')
      and exists (select from public.utilisateurs u where u.organisme_id = suppleances.organisme_id
        and u.id = suppleances.suppleant_id and u.structure_id = suppleances.structure_id)
      and exists (select from public.utilisateurs u where u.organisme_id = suppleances.organisme_id
        and u.id = suppleances.titulaire_id and u.structure_id = suppleances.structure_id)`,
    indexes: ['structure_id', 'suppleant_id, au'],
  })
  await knex.raw(`
    -- Whose place this person takes today, in his own firm; the first named when several.
    create function app.titulaire_supplee() returns uuid
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select s.titulaire_id from public.suppleances s
        join public.utilisateurs u on u.organisme_id = s.organisme_id and u.id = s.titulaire_id
          and u.structure_id = s.structure_id and u.role in ('cabinet', 'superviseur')
        where s.organisme_id = app.organisme_id() and s.suppleant_id = app.utilisateur_id()
          and s.structure_id = app.structure_id() and s.terminee_le is null
          and (now() at time zone 'Europe/Paris')::date between s.du and s.au
        order by s.cree_le limit 1
    $$;
  `)

  await createScopedTable(knex, 'reponses', {
    columns: `
      numero text collate "C",
      courrier_id uuid not null,
      adherent_id uuid,
      structure_id uuid,
      dossier text not null default '',
      auteur_id uuid not null default app.utilisateur_id(),
      auteur_nom text not null,
      soumise_le timestamptz not null default now(),
      precedente_id uuid,
      valide_par uuid,
      valide_nom text not null default '',
      au_nom_de uuid,
      au_nom_de_nom text not null default '',
      corrigee_le timestamptz,
      transmise_le timestamptz,
      rejetee_le timestamptz,
      motif text not null default ''`,
    unique: ['numero'],
    references: {
      courrier_id: 'courriers',
      adherent_id: 'adherents',
      structure_id: 'structures',
      auteur_id: 'utilisateurs',
      precedente_id: 'reponses',
      valide_par: 'utilisateurs',
      au_nom_de: 'utilisateurs',
    },
    constraints: [
      'check (transmise_le is null or rejetee_le is null)',
      'check ((transmise_le is null) = (numero is null))',
      `check ((rejetee_le is null) = (motif = ''))`,
      // Nobody validates his own answer.
      'constraint reponses_quatre_yeux check (valide_par is null or valide_par <> auteur_id)',
      'check (corrigee_le is null or valide_par is not null)',
      'check (au_nom_de is null or (valide_par is not null and au_nom_de <> valide_par))',
    ],
    // An answer that waits is the business of the firm; the organisme sees what was sent to it.
    visible: `(case when (select app.est_permanent()) then transmise_le is not null or (select app.role()) = 'systeme'
      else (adherent_id in (select app.adherents_visibles())
            and (transmise_le is not null or structure_id is not distinct from (select app.structure_id())))
        or (adherent_id is null and structure_id = (select app.structure_id())
            and (select app.role()) in ('cabinet', 'superviseur'))
        or (structure_id = (select app.structure_id()) and valide_par = (select app.utilisateur_id()))
      end)`,
    writable: 'false',
    indexes: [
      'courrier_id, soumise_le',
      'structure_id, transmise_le desc',
      'auteur_id, soumise_le desc',
      'adherent_id',
    ],
  })
  await knex.raw(`
    create unique index reponses_une_a_valider on reponses (organisme_id, courrier_id)
      where transmise_le is null and rejetee_le is null;
    create index reponses_a_valider on reponses (organisme_id, structure_id, soumise_le, id)
      where transmise_le is null and rejetee_le is null;
    alter policy reponses_insert on reponses with check (auteur_id = (select app.utilisateur_id())
      and structure_id is not distinct from (select app.structure_id())
      and valide_par is null and transmise_le is null and rejetee_le is null and app.repond(courrier_id));
    alter policy reponses_update on reponses
      using (not (select app.est_permanent()) and structure_id is not distinct from (select app.structure_id()))
      with check (not (select app.est_permanent()) and structure_id is not distinct from (select app.structure_id()));
    revoke delete on reponses from parvis_web;
  `)
  await alsoVisible(
    knex,
    'reponses',
    'suppleance',
    `structure_id = (select app.structure_id()) and transmise_le is null and rejetee_le is null
      and (select app.titulaire_supplee()) is not null`,
  )
  // Who stands in for a superviseur reads what the waiting answers answer, and no more of those dossiers.
  await alsoVisible(
    knex,
    'courriers',
    'suppleance',
    `(select app.titulaire_supplee()) is not null and publie_le is not null
      and structure_id = (select app.structure_id())
      and exists (select from public.reponses r where r.organisme_id = courriers.organisme_id
        and r.courrier_id = courriers.id and r.transmise_le is null and r.rejetee_le is null)`,
  )

  await createScopedTable(knex, 'reponse_lignes', {
    columns: `
      reponse_id uuid not null,
      question_id uuid not null,
      texte text not null default '',
      texte_corrige text`,
    unique: ['reponse_id, question_id'],
    references: { reponse_id: 'reponses', question_id: 'courrier_questions' },
    visible: ofVisibleReponse('reponse_lignes'),
    indexes: ['question_id'],
  })
  await createScopedTable(knex, 'reponse_fichiers', {
    columns: `
      reponse_id uuid not null,
      question_id uuid not null,
      fichier_id uuid not null,
      ordre int not null check (ordre > 0)`,
    // A file of a rejected answer goes on to the next one.
    unique: ['reponse_id, fichier_id', 'reponse_id, ordre'],
    references: { reponse_id: 'reponses', question_id: 'courrier_questions', fichier_id: 'fichiers' },
    visible: ofVisibleReponse('reponse_fichiers'),
    indexes: ['fichier_id'],
    appendOnly: true,
  })

  await createScopedTable(knex, 'brouillons', {
    columns: `
      courrier_id uuid not null,
      structure_id uuid default app.structure_id(),
      version int not null default 1 check (version > 0),
      textes jsonb not null default '{}',
      precedente_id uuid,
      cree_le timestamptz not null default now(),
      cree_par uuid not null default app.utilisateur_id(),
      modifie_le timestamptz not null default now(),
      modifie_par uuid not null default app.utilisateur_id(),
      modifie_nom text not null default ''`,
    references: {
      courrier_id: 'courriers',
      structure_id: 'structures',
      precedente_id: 'reponses',
      cree_par: 'utilisateurs',
      modifie_par: 'utilisateurs',
    },
    constraints: [
      'constraint brouillons_un_par_cote unique nulls not distinct (organisme_id, courrier_id, structure_id)',
    ],
    visible: `(not (select app.est_permanent()) and structure_id is not distinct from (select app.structure_id())
      and app.repond(courrier_id))`,
    indexes: ['modifie_par', 'cree_par'],
  })
  await createScopedTable(knex, 'brouillon_fichiers', {
    columns: `
      brouillon_id uuid not null,
      question_id uuid not null,
      fichier_id uuid not null,
      pose_le timestamptz not null default clock_timestamp(),
      pose_par uuid not null default app.utilisateur_id()`,
    unique: ['fichier_id'],
    references: {
      brouillon_id: 'brouillons',
      question_id: 'courrier_questions',
      fichier_id: 'fichiers',
      pose_par: 'utilisateurs',
    },
    visible: ofVisibleDraft,
    indexes: ['brouillon_id, question_id'],
  })
  for (const table of ['courriers', 'reponse_fichiers', 'brouillon_fichiers']) {
    await alsoVisible(knex, 'fichiers', table, ownsFile(table))
  }

  await knex.raw(`
    -- The text of a question is frozen with its courrier.
    create function app.question_figee() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        q record := case when tg_op = 'DELETE' then old else new end;
      begin
        if exists (select from public.courriers c where c.organisme_id = q.organisme_id and c.id = q.courrier_id
            and c.publie_le is not null)
          and (tg_op <> 'UPDATE' or new.texte <> old.texte or new.ordre <> old.ordre or new.courrier_id <> old.courrier_id)
        then
          raise exception 'a published question does not change' using errcode = '23514', constraint = 'courriers_fige';
        end if;
        return q;
      end $$;
    create trigger courrier_questions_figee before insert or update or delete on courrier_questions
      for each row execute function app.question_figee();

    -- A courrier that asks nothing (any more) of a side is archived for it at its first reading.
    create function app.courrier_lu() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if new.role = 'adherent' then
          update public.courriers c set archive_adherent_le = new.premiere_le
            where c.organisme_id = new.organisme_id and c.id = new.courrier_id and c.archive_adherent_le is null
              and not (c.destinataire = 'adherent' and c.a_repondre_avant is not null
                and c.repondu_le is null and c.clos_le is null);
        elsif new.role in ('cabinet', 'superviseur', 'collaborateur') then
          update public.courriers c set archive_cabinet_le = new.premiere_le
            where c.organisme_id = new.organisme_id and c.id = new.courrier_id and c.archive_cabinet_le is null
              and not (c.destinataire = 'cabinet' and c.a_repondre_avant is not null
                and c.repondu_le is null and c.clos_le is null);
        end if;
        return null;
      end $$;
    create trigger courrier_lectures_lu after insert on courrier_lectures
      for each row execute function app.courrier_lu();

    -- An answer changes until it is decided, and then never again.
    create function app.reponse_figee() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        libres constant text[] := array['numero', 'valide_par', 'valide_nom', 'au_nom_de', 'au_nom_de_nom', 'corrigee_le',
          'transmise_le', 'rejetee_le', 'motif'];
      begin
        if old.transmise_le is not null or old.rejetee_le is not null
          or to_jsonb(new) - libres <> to_jsonb(old) - libres
        then
          raise exception 'an answer that was sent does not change'
            using errcode = '23514', constraint = 'reponses_figee';
        end if;
        return new;
      end $$;
    create trigger reponses_figee before update on reponses for each row execute function app.reponse_figee();

    create function app.reponse_ligne_figee() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if not exists (select from public.reponses r where r.organisme_id = new.organisme_id and r.id = new.reponse_id
            and r.transmise_le is null and r.rejetee_le is null)
          or (tg_op = 'UPDATE' and to_jsonb(new) - 'texte_corrige' <> to_jsonb(old) - 'texte_corrige')
        then
          raise exception 'an answer that was sent does not change'
            using errcode = '23514', constraint = 'reponses_figee';
        end if;
        return new;
      end $$;
    create trigger reponse_lignes_figee before insert or update on reponse_lignes
      for each row execute function app.reponse_ligne_figee();
    create trigger reponse_fichiers_figee before insert on reponse_fichiers
      for each row execute function app.reponse_ligne_figee();
    revoke delete on reponse_lignes from parvis_web;

    -- The answer has reached the organisme: when every question has one, the courrier is answered and archived.
    create function app.reponse_transmise() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if new.transmise_le is null or old.transmise_le is not null then return null; end if;
        update public.courriers c set repondu_le = new.transmise_le,
            archive_adherent_le = case when c.destinataire = 'adherent' then new.transmise_le else c.archive_adherent_le end,
            archive_cabinet_le = case when c.destinataire = 'cabinet' then new.transmise_le else c.archive_cabinet_le end
          where c.organisme_id = new.organisme_id and c.id = new.courrier_id and c.repondu_le is null
            and not exists (select from public.courrier_questions q
              where q.organisme_id = c.organisme_id and q.courrier_id = c.id and q.satisfaite_le is null
                and not exists (select from public.reponse_lignes l
                  join public.reponses r on r.organisme_id = l.organisme_id and r.id = l.reponse_id
                  where l.organisme_id = q.organisme_id and l.question_id = q.id and r.transmise_le is not null
                    and r.transmise_le > coalesce(q.redemandee_le, '-infinity')));
        return null;
      end $$;
    create trigger reponses_transmise after update on reponses for each row execute function app.reponse_transmise();

    -- The dossier goes to another firm, or to none: its courriers go with it, and what waited for a validation ends.
    create function app.courriers_suivent() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        update public.courriers c set structure_id = new.structure_id,
            destinataire = case when new.structure_id is null then 'adherent' else c.destinataire end
          where c.organisme_id = new.organisme_id and c.adherent_id = new.id
            and c.structure_id is distinct from new.structure_id;
        update public.reponses r set rejetee_le = now(), motif = 'Le dossier a quitté le cabinet.'
          where r.organisme_id = new.organisme_id and r.adherent_id = new.id
            and r.transmise_le is null and r.rejetee_le is null;
        return null;
      end $$;
    create trigger adherents_courriers_suivent after update of structure_id on adherents
      for each row when (old.structure_id is distinct from new.structure_id) execute function app.courriers_suivent();
  `)
}
