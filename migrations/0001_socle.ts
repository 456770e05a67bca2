import type { Knex } from 'knex'
import { ADHERENT_VISIBLE, PERMANENT_SEUL, TOUS, createScopedTable } from '../src/kernel/schema.ts'

/** Organismes, people, structures, sessions, journal: what every module stands on. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create extension if not exists unaccent;
    create extension if not exists pg_trgm;
    create extension if not exists btree_gist;
    create extension if not exists pgcrypto;
    create schema app;
    create schema plateforme;
    create schema acces;
    do $$ begin
      if not exists (select from pg_roles where rolname = 'parvis_web') then create role parvis_web nologin; end if;
    end $$;
    grant usage on schema app, plateforme, acces, public to parvis_web;
    alter default privileges in schema app revoke execute on functions from public;
    alter default privileges in schema app grant execute on functions to parvis_web;

    -- Names as people type them: without accents, lower case. Declared immutable so that columns can store it.
    create function app.sans_accent(texte text) returns text language sql immutable parallel safe
      set search_path = public, pg_temp
      as $$ select lower(public.unaccent('public.unaccent', texte)) $$;

    create table plateforme.organismes (
      id uuid primary key default gen_random_uuid(),
      code text not null unique check (code ~ '^[a-z][a-z0-9-]{1,30}$'),
      nature text not null check (nature in ('oga', 'editeur', 'ordre', 'plateforme')),
      nom text not null,
      sigle text not null,
      forme text not null default '',
      adresse text[] not null default '{}',
      telephone text not null default '',
      courriel text not null default '',
      site text not null default '',
      horaires text not null default '',
      couleur text not null default '#1f5c7a' check (couleur ~ '^#[0-9a-f]{6}$'),
      logo bytea,
      vocabulaire jsonb not null default '{}',
      modules text[] not null default '{}',
      reglages jsonb not null default '{}',
      cree_le timestamptz not null default now(),
      modifie_le timestamptz not null default now(),
      suspendu_le timestamptz
    );
    create table plateforme.hotes (
      hote text primary key check (hote = lower(hote)),
      organisme_id uuid not null references plateforme.organismes (id),
      principal boolean not null default true
    );

    -- The context of a transaction. After a commit the settings are '' and not null.
    create function app.organisme_id() returns uuid language sql stable parallel safe
      as $$ select nullif(current_setting('app.organisme_id', true), '')::uuid $$;
    create function app.utilisateur_id() returns uuid language sql stable parallel safe
      as $$ select nullif(current_setting('app.utilisateur_id', true), '')::uuid $$;
    create function app.adherent_id() returns uuid language sql stable parallel safe
      as $$ select nullif(current_setting('app.adherent_id', true), '')::uuid $$;
    create function app.structure_id() returns uuid language sql stable parallel safe
      as $$ select nullif(current_setting('app.structure_id', true), '')::uuid $$;
    create function app.role() returns text language sql stable parallel safe
      as $$ select coalesce(nullif(current_setting('app.role', true), ''), 'aucun') $$;
    create function app.est_permanent() returns boolean language sql stable parallel safe
      as $$ select app.role() in ('permanent', 'administrateur', 'systeme') $$;
    create function app.est_connecte() returns boolean language sql stable parallel safe
      as $$ select app.role() not in ('aucun', 'anonyme') $$;

    -- Replaced below, once the tables that it reads exist.
    create function app.structure_du_client() returns setof uuid language sql stable as $$ select null::uuid where false $$;
    create function app.adherents_visibles() returns setof uuid language sql stable as $$ select null::uuid where false $$;

    create function app.organisme_par_hote(nom_hote text) returns setof plateforme.organismes
      language sql stable security definer set search_path = pg_catalog, pg_temp
      as $$ select o.* from plateforme.organismes o join plateforme.hotes h on h.organisme_id = o.id
            where h.hote = nom_hote $$;
    create function app.logo(organisme uuid) returns bytea
      language sql stable security definer set search_path = pg_catalog, pg_temp
      as $$ select logo from plateforme.organismes where id = organisme $$;
    create function app.hote_principal(organisme uuid) returns text
      language sql stable security definer set search_path = pg_catalog, pg_temp
      as $$ select hote from plateforme.hotes where organisme_id = organisme order by principal desc, hote limit 1 $$;
  `)

  await createScopedTable(knex, 'structures', {
    columns: `
      nature text not null check (nature in ('cabinet', 'etablissement')),
      numero text not null,
      nom text not null,
      siret text not null default '',
      profession text not null default '',
      statut_juridique text not null default '',
      adresse text[] not null default '{}',
      telephones text[] not null default '{}',
      courriel text not null default '',
      supervision_depuis timestamptz,
      comptes_depuis timestamptz,
      portefeuille_partage_depuis timestamptz,
      cree_le timestamptz not null default now()`,
    unique: ['numero'],
    visible: `((select app.est_permanent()) or id = (select app.structure_id())
      or id in (select app.structure_du_client()))`,
    writable: '((select app.est_permanent()) or id = (select app.structure_id()))',
  })

  await createScopedTable(knex, 'adherents', {
    columns: `
      numero text not null collate "C",
      civilite text not null default '',
      denomination text not null,
      siret text not null default '',
      professions text[] not null default '{}',
      categorie text not null default 'BNC' check (categorie in ('BIC', 'BNC', 'BA', 'IS')),
      regime_fiscal text not null default '',
      statut_juridique text not null default '',
      adresse_professionnelle text[] not null default '{}',
      adresse_personnelle text[] not null default '{}',
      code_postal text not null default '',
      ville text not null default '',
      telephones text[] not null default '{}',
      courriel text not null default '',
      debut_activite_le date,
      adhesion_le date not null,
      perte_qualite_le date,
      structure_id uuid,
      numero_dossier text not null default '',
      recherche text not null generated always as (app.sans_accent(denomination)) stored,
      cree_le timestamptz not null default now()`,
    unique: ['numero'],
    references: { structure_id: 'structures' },
    visible: '((select app.est_permanent()) or id in (select app.adherents_visibles()))',
    writable: PERMANENT_SEUL,
    indexes: ['structure_id', 'recherche, id'],
  })
  await knex.raw(`create index adherents_recherche_trgm on adherents using gin (recherche gin_trgm_ops)`)

  await createScopedTable(knex, 'utilisateurs', {
    columns: `
      login text not null,
      courriel text not null default '',
      civilite text not null default '',
      nom text not null,
      prenom text not null default '',
      fonction text not null default '',
      role text not null check (role in
        ('adherent', 'cabinet', 'superviseur', 'collaborateur', 'permanent', 'administrateur', 'operateur')),
      structure_id uuid,
      adherent_id uuid,
      cree_le timestamptz not null default now(),
      active_le timestamptz,
      bloque_le timestamptz,
      parti_le date,
      derniere_connexion_le timestamptz`,
    references: { structure_id: 'structures', adherent_id: 'adherents' },
    constraints: [
      `check ((role = 'adherent') = (adherent_id is not null))`,
      `check (role not in ('cabinet', 'superviseur', 'collaborateur') or structure_id is not null)`,
    ],
    visible: `((select app.est_permanent()) or id = (select app.utilisateur_id())
      or structure_id = (select app.structure_id()))`,
    indexes: ['structure_id', 'adherent_id'],
  })
  await knex.raw(`
    create unique index utilisateurs_login on utilisateurs (organisme_id, lower(login));
    create index utilisateurs_courriel on utilisateurs (organisme_id, lower(courriel));
  `)

  await createScopedTable(knex, 'affectations', {
    columns: `
      adherent_id uuid not null,
      utilisateur_id uuid not null,
      depuis timestamptz not null default now(),
      jusqu_a timestamptz,
      affecte_par uuid,
      retire_par uuid`,
    references: {
      adherent_id: 'adherents',
      utilisateur_id: 'utilisateurs',
      affecte_par: 'utilisateurs',
      retire_par: 'utilisateurs',
    },
    constraints: [
      'check (jusqu_a is null or jusqu_a >= depuis)',
      `constraint affectations_une_a_la_fois exclude using gist
        (organisme_id with =, adherent_id with =, tstzrange(depuis, jusqu_a) with &&)`,
    ],
    visible: ADHERENT_VISIBLE,
    indexes: ['utilisateur_id', 'adherent_id'],
  })

  await knex.raw(`
    -- Who sees which adherent, in one place. Each branch costs nothing for the roles that it is not for.
    create or replace function app.adherents_visibles() returns setof uuid
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select a.id from public.adherents a
        where app.role() in ('permanent', 'administrateur', 'systeme') and a.organisme_id = app.organisme_id()
      union all
      select a.id from public.adherents a
        where app.role() = 'adherent' and a.organisme_id = app.organisme_id() and a.id = app.adherent_id()
      union all
      select a.id from public.adherents a
        where app.role() in ('cabinet', 'superviseur')
          and a.organisme_id = app.organisme_id() and a.structure_id = app.structure_id()
      union all
      select a.id from public.adherents a
        where app.role() = 'collaborateur'
          and a.organisme_id = app.organisme_id() and a.structure_id = app.structure_id()
          and (exists (select from public.structures s where s.organisme_id = a.organisme_id
                         and s.id = a.structure_id and s.portefeuille_partage_depuis is not null)
            or exists (select from public.affectations f where f.organisme_id = a.organisme_id
                         and f.adherent_id = a.id and f.utilisateur_id = app.utilisateur_id() and f.jusqu_a is null))
    $$;
    -- The firm that an adherent has chosen: he may read its fiche.
    create or replace function app.structure_du_client() returns setof uuid
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select a.structure_id from public.adherents a
        where app.role() = 'adherent' and a.organisme_id = app.organisme_id() and a.id = app.adherent_id()
          and a.structure_id is not null
    $$;
    -- Search by name or number: LIKE is not leakproof and would not use its index behind a policy.
    create function app.chercher_adherents(mots text, plafond int) returns setof uuid
      language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select a.id from public.adherents a
        where a.organisme_id = app.organisme_id()
          and a.recherche like '%' || replace(replace(replace(app.sans_accent(mots), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
        limit plafond
    $$;

    create table acces.secrets (
      organisme_id uuid not null,
      utilisateur_id uuid not null,
      mot_de_passe text,
      version int not null default 1,
      change_le timestamptz,
      totp_secret text,
      totp_confirme_le timestamptz,
      totp_dernier_pas bigint not null default 0,
      codes_de_secours text[] not null default '{}',
      connexion_precedente_le timestamptz,
      primary key (organisme_id, utilisateur_id),
      foreign key (organisme_id, utilisateur_id) references public.utilisateurs (organisme_id, id)
    );
    create table acces.sessions (
      empreinte bytea primary key,
      id uuid not null unique default gen_random_uuid(),
      organisme_id uuid not null references plateforme.organismes (id),
      utilisateur_id uuid,
      donnees jsonb not null,
      ouverte_le timestamptz not null default now(),
      vue_le timestamptz not null default now(),
      expire_le timestamptz not null,
      fin_le timestamptz not null,
      appareil text not null default '',
      adresse text not null default '',
      foreign key (organisme_id, utilisateur_id) references public.utilisateurs (organisme_id, id)
    );
    create index on acces.sessions (utilisateur_id);
    create index on acces.sessions (expire_le);
    create table acces.jetons (
      empreinte bytea primary key,
      organisme_id uuid not null,
      utilisateur_id uuid not null,
      usage text not null check (usage in ('activation', 'mot_de_passe', 'courriel')),
      donnees jsonb not null default '{}',
      version int not null,
      cree_le timestamptz not null default now(),
      expire_le timestamptz not null,
      utilise_le timestamptz,
      foreign key (organisme_id, utilisateur_id) references public.utilisateurs (organisme_id, id)
    );
    create index on acces.jetons (utilisateur_id, usage);
    create table acces.tentatives (
      cle text primary key,
      nombre int not null,
      depuis timestamptz not null default now(),
      derniere timestamptz not null default now(),
      bloque_jusqu_a timestamptz,
      refus int not null default 0
    );
    create index on acces.tentatives (derniere);
    create table acces.appareils (
      empreinte bytea not null,
      organisme_id uuid not null,
      utilisateur_id uuid not null,
      cree_le timestamptz not null default now(),
      vu_le timestamptz not null default now(),
      libelle text not null default '',
      primary key (utilisateur_id, empreinte),
      foreign key (organisme_id, utilisateur_id) references public.utilisateurs (organisme_id, id)
    );
    create table acces.defis (
      empreinte bytea primary key,
      expire_le timestamptz not null
    );
    grant select, insert, update, delete on all tables in schema acces to parvis_web;

    -- One query per request: the session, and the person with the rights of this instant.
    create function app.session_ouverte(cle bytea, organisme uuid) returns table (
        donnees jsonb, vue_il_y_a int, id uuid, role text, login text, courriel text, civilite text, nom text, prenom text,
        adherent_id uuid, structure_id uuid, structure_nom text, structure_numero text, adherent_numero text,
        second_facteur boolean)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select s.donnees, extract(epoch from now() - s.vue_le)::int, u.id, u.role, u.login, u.courriel, u.civilite, u.nom,
             u.prenom, u.adherent_id, u.structure_id, t.nom, t.numero, a.numero, x.totp_confirme_le is not null
      from acces.sessions s
      left join public.utilisateurs u on u.organisme_id = s.organisme_id and u.id = s.utilisateur_id
        and u.bloque_le is null and (u.parti_le is null or u.parti_le > current_date)
      left join public.structures t on t.organisme_id = u.organisme_id and t.id = u.structure_id
      left join public.adherents a on a.organisme_id = u.organisme_id and a.id = u.adherent_id
      left join acces.secrets x on x.organisme_id = u.organisme_id and x.utilisateur_id = u.id
      where s.empreinte = cle and s.organisme_id = organisme and s.expire_le > now() and s.fin_le > now()
        and (s.utilisateur_id is null or u.id is not null)
    $$;
    -- Whom a typed number, code or e-mail address designates, within one organisme. An address shared by two is nobody's.
    create function app.identifier(organisme uuid, saisie text) returns table (id uuid, role text, courriel text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select u.id, u.role, u.courriel from public.utilisateurs u
      where u.organisme_id = organisme and u.bloque_le is null
        and (u.parti_le is null or u.parti_le > current_date)
        and (lower(u.login) = lower(saisie)
          or (lower(u.courriel) = lower(saisie) and u.courriel <> '' and not exists (
            select from public.utilisateurs v where v.organisme_id = organisme and lower(v.courriel) = lower(saisie)
              and v.id <> u.id)))
      order by (lower(u.login) = lower(saisie)) desc limit 1
    $$;
  `)

  await createScopedTable(knex, 'journal', {
    columns: `
      numero bigint not null,
      le timestamptz not null,
      utilisateur_id uuid,
      acteur text not null,
      role text not null,
      action text not null,
      objet text not null,
      objet_id uuid,
      adherent_id uuid,
      detail jsonb not null,
      requete text not null,
      precedente bytea,
      empreinte bytea not null`,
    unique: ['numero'],
    indexes: ['le desc', 'objet_id', 'adherent_id'],
    visible: PERMANENT_SEUL,
    writable: 'false',
    appendOnly: true,
  })
  await knex.raw(`
    -- The text that a row's hash is taken over: every column, in a fixed order.
    create function app.journal_texte(j public.journal) returns text language sql immutable as $$
      select jsonb_build_array(j.organisme_id, j.id, j.numero, extract(epoch from j.le), j.utilisateur_id, j.acteur,
        j.role, j.action, j.objet, j.objet_id, j.adherent_id, j.detail, j.requete)::text
    $$;
    -- The only way to write the journal: numbered and chained under one lock per organisme.
    create function app.journaliser(acteur text, action text, objet text, objet_id uuid, adherent_id uuid,
        detail jsonb, requete text) returns void
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
      declare
        ligne public.journal;
        avant public.journal;
      begin
        if app.organisme_id() is null then raise exception 'no organisme in context'; end if;
        perform pg_advisory_xact_lock(hashtextextended('journal:' || app.organisme_id()::text, 0));
        select * into avant from public.journal where organisme_id = app.organisme_id() order by numero desc limit 1;
        ligne.organisme_id := app.organisme_id();
        ligne.id := gen_random_uuid();
        ligne.numero := coalesce(avant.numero, 0) + 1;
        ligne.le := clock_timestamp();
        ligne.utilisateur_id := app.utilisateur_id();
        ligne.acteur := acteur;
        ligne.role := app.role();
        ligne.action := action;
        ligne.objet := objet;
        ligne.objet_id := objet_id;
        ligne.adherent_id := adherent_id;
        ligne.detail := coalesce(detail, '{}');
        ligne.requete := requete;
        ligne.precedente := avant.empreinte;
        ligne.empreinte := public.digest(coalesce(avant.empreinte, ''::bytea) || convert_to(app.journal_texte(ligne), 'UTF8'), 'sha256');
        insert into public.journal select ligne.*;
      end $$;
    revoke insert on public.journal from parvis_web;
    -- The first row whose hash does not follow from its content and the row before; nothing when the chain holds.
    create function app.journal_premiere_rupture(organisme uuid) returns table (numero bigint, motif text)
      language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select r.numero, r.motif from (
        select j.numero, case
          when j.numero <> coalesce(lag(j.numero) over w, 0) + 1 then 'numero'
          when j.precedente is distinct from lag(j.empreinte) over w then 'precedente'
          when j.empreinte <> public.digest(coalesce(j.precedente, ''::bytea)
            || convert_to(app.journal_texte(j), 'UTF8'), 'sha256') then 'empreinte' end as motif
        from public.journal j where j.organisme_id = organisme window w as (order by j.numero)) r
      where r.motif is not null order by r.numero limit 1
    $$;
  `)

  await knex.raw(`
    -- Work for later, in the transaction of the act. The organisme is that of the context, never of the caller.
    create function app.ajouter_tache(nom text, charge json, quand timestamptz, cle text, essais int) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.organisme_id() is null then raise exception 'no organisme in context'; end if;
        perform graphile_worker.add_job(nom,
          (charge::jsonb || jsonb_build_object('organisme_id', app.organisme_id()))::json,
          run_at => quand, max_attempts => essais, job_key => app.organisme_id()::text || ':' || cle);
      end $$;
  `)

  await createScopedTable(knex, 'fichiers', {
    columns: `
      cle text not null,
      nom text not null,
      mime text not null,
      taille bigint not null check (taille > 0),
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      antivirus text not null default 'en_attente' check (antivirus in ('en_attente', 'sain', 'infecte', 'sans_objet')),
      analyse_le timestamptz,
      depose_par uuid,
      depose_le timestamptz not null default now()`,
    unique: ['cle'],
    references: { depose_par: 'utilisateurs' },
    visible: '((select app.est_permanent()) or depose_par = (select app.utilisateur_id()))',
    writable: TOUS,
  })

  await createScopedTable(knex, 'courriels', {
    columns: `
      cle text not null,
      modele text not null,
      destinataire text not null,
      destinataire_id uuid,
      objet text not null,
      donnees jsonb not null default '{}',
      cree_le timestamptz not null default now(),
      envoye_le timestamptz,
      essais int not null default 0,
      abandonne_le timestamptz,
      erreur text not null default ''`,
    unique: ['cle'],
    references: { destinataire_id: 'utilisateurs' },
    visible: PERMANENT_SEUL,
    writable: TOUS,
    indexes: ['cree_le desc'],
  })
}
