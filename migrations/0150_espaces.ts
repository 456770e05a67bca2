import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable, filesSeenThroughOwners } from '../src/kernel/schema.ts'

/** Whether a row, named so, is for this person by its own mark and by those of the folders above. */
const ouvert = (row: string) => `${row}.retire_le is null and (select app.role()) = any (${row}.pour_roles)
  and (${row}.pour_professions = '{}' or ${row}.pour_professions && (select app.mes_professions()))
  and (${row}.pour_modules = '{}' or ${row}.pour_modules && (select app.modules_actifs()))
  and not (${row}.chemin && (select app.espaces_fermes()))`

/** Espaces documents (F65 to F67): one tree of folders, files and links, for whom, versions, words to search, readings. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- French words, with or without their accents.
    create text search configuration app.francais (copy = pg_catalog.french);
    alter text search configuration app.francais
      alter mapping for hword, hword_part, word with public.unaccent, pg_catalog.french_stem;

    -- The professions by which a person is concerned: his own, or those of the clients that he sees.
    create function app.mes_professions() returns text[]
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.role() = 'adherent' then
          return coalesce((select a.professions from public.adherents a
            where a.organisme_id = app.organisme_id() and a.id = app.adherent_id()), '{}');
        elsif app.role() in ('cabinet', 'superviseur', 'collaborateur') then
          return array(select distinct p from public.adherents a, unnest(a.professions) as p
            where a.organisme_id = app.organisme_id() and a.id in (select app.adherents_visibles()));
        end if;
        return '{}';
      end $$;
    -- The modules that the organisme of the context has switched on.
    create function app.modules_actifs() returns text[]
      language sql stable security definer set search_path = pg_catalog, pg_temp
      as $$ select o.modules from plateforme.organismes o where o.id = app.organisme_id() $$;
    -- Replaced below, once the table that it reads exists.
    create function app.espaces_fermes() returns uuid[] language sql stable as $$ select '{}'::uuid[] $$;
  `)

  await createScopedTable(knex, 'espaces', {
    columns: `
      parent_id uuid,
      -- From the root down to itself: kept by a trigger, so that one comparison tells whether a way is open.
      chemin uuid[] not null,
      genre text not null check (genre in ('dossier', 'fichier', 'lien')),
      titre text not null check (titre <> ''),
      resume text not null default '',
      url text not null default '',
      rang int not null default 0,
      pour_roles text[] not null check (cardinality(pour_roles) > 0 and pour_roles <@ array
        ['adherent', 'cabinet', 'superviseur', 'collaborateur']),
      pour_professions text[] not null default '{}',
      pour_modules text[] not null default '{}',
      version_id uuid,
      cree_par uuid default app.utilisateur_id(),
      cree_le timestamptz not null default now(),
      modifie_par uuid default app.utilisateur_id(),
      modifie_le timestamptz not null default now(),
      revision int not null default 1,
      retire_le timestamptz,
      retire_par uuid,
      recherche text not null generated always as (app.sans_accent(titre || ' ' || resume)) stored,
      vecteur tsvector not null generated always as (setweight(to_tsvector('app.francais', titre), 'A')
        || setweight(to_tsvector('app.francais', resume), 'B')) stored`,
    references: {
      parent_id: 'espaces',
      cree_par: 'utilisateurs',
      modifie_par: 'utilisateurs',
      retire_par: 'utilisateurs',
    },
    constraints: [
      `check ((genre = 'lien') = (url <> '') and (url = '' or url ~ '^http(s|)://'))`,
      `check (genre = 'fichier' or version_id is null)`,
      'check ((retire_le is null) = (retire_par is null))',
      'constraint espaces_profondeur check (cardinality(chemin) <= 12)',
    ],
    visible: `((select app.est_permanent()) or (${ouvert('espaces')}))`,
    writable: PERMANENT_SEUL,
    indexes: ['parent_id, rang', 'version_id'],
  })
  await createScopedTable(knex, 'espace_versions', {
    columns: `
      espace_id uuid not null,
      numero int not null check (numero > 0),
      fichier_id uuid not null,
      depose_par uuid default app.utilisateur_id(),
      depose_le timestamptz not null default now(),
      -- What the file says, read later by a job.
      texte text not null default '',
      texte_etat text not null default 'en_attente' check (texte_etat in ('en_attente', 'lu', 'sans_texte', 'illisible')),
      vecteur tsvector not null generated always as (to_tsvector('app.francais', texte)) stored`,
    unique: ['espace_id, numero'],
    references: { espace_id: 'espaces', fichier_id: 'fichiers', depose_par: 'utilisateurs' },
    // The former ones are for staff: everybody else has the one in force.
    visible: `((select app.est_permanent()) or exists (select from public.espaces e
      where e.organisme_id = espace_versions.organisme_id and e.version_id = espace_versions.id))`,
    writable: PERMANENT_SEUL,
    indexes: ['fichier_id'],
  })
  await createScopedTable(knex, 'espace_lectures', {
    columns: `
      espace_id uuid not null,
      utilisateur_id uuid not null default app.utilisateur_id(),
      premiere_le timestamptz not null default now(),
      derniere_le timestamptz not null default now(),
      nombre int not null default 1`,
    unique: ['espace_id, utilisateur_id'],
    references: { espace_id: 'espaces', utilisateur_id: 'utilisateurs' },
    visible: '((select app.est_permanent()) or utilisateur_id = (select app.utilisateur_id()))',
    writable: `utilisateur_id = (select app.utilisateur_id()) and exists (select from public.espaces e
      where e.organisme_id = espace_lectures.organisme_id and e.id = espace_lectures.espace_id)`,
  })
  await knex.raw(`
    alter table espaces add foreign key (organisme_id, version_id) references espace_versions (organisme_id, id);
    -- Without a list of what is not sorted in yet: five thousand files that have just come would slow every search.
    create index espaces_recherche_trgm on espaces using gin (recherche gin_trgm_ops) with (fastupdate = off);
    create index espaces_vecteur on espaces using gin (vecteur) with (fastupdate = off);
    create index espace_versions_vecteur on espace_versions using gin (vecteur) with (fastupdate = off);
    create index espaces_restreints on espaces (organisme_id) where genre = 'dossier' and (retire_le is not null
      or cardinality(pour_roles) < 4 or pour_professions <> '{}' or pour_modules <> '{}');

    -- The folders that are shut to this person by their own mark; all that stands below is shut with them.
    create or replace function app.espaces_fermes() returns uuid[]
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select coalesce(array_agg(e.id), '{}') from public.espaces e
      where e.organisme_id = app.organisme_id() and e.genre = 'dossier'
        and (e.retire_le is not null or cardinality(e.pour_roles) < 4 or e.pour_professions <> '{}' or e.pour_modules <> '{}')
        and not (e.retire_le is null and app.role() = any (e.pour_roles)
          and (e.pour_professions = '{}' or e.pour_professions && (select app.mes_professions()))
          and (e.pour_modules = '{}' or e.pour_modules && (select app.modules_actifs())))
    $$;

    -- The way from the root, under one lock for the tree of an organisme: two moves cannot make a ring.
    create function app.placer_espace() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        dans public.espaces;
      begin
        perform pg_advisory_xact_lock(hashtextextended('espaces:' || new.organisme_id::text, 0));
        if new.parent_id is null then
          new.chemin := array[new.id];
          return new;
        end if;
        select * into dans from public.espaces e where e.organisme_id = new.organisme_id and e.id = new.parent_id;
        if dans.genre <> 'dossier' then
          raise exception 'only a folder holds something' using errcode = '23514', constraint = 'espaces_dans_un_dossier';
        end if;
        if new.id = any (dans.chemin) then
          raise exception 'a folder inside itself' using errcode = '23514', constraint = 'espaces_sans_boucle';
        end if;
        new.chemin := dans.chemin || new.id;
        return new;
      end $$;
    create trigger espaces_placement before insert or update of parent_id on espaces
      for each row execute function app.placer_espace();
    create function app.replacer_contenu() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        update public.espaces e set chemin = new.chemin || e.chemin[array_position(e.chemin, new.id) + 1:]
          where e.organisme_id = new.organisme_id and e.id <> new.id and new.id = any (e.chemin);
        return null;
      end $$;
    create trigger espaces_contenu after update of parent_id on espaces
      for each row when (old.chemin is distinct from new.chemin) execute function app.replacer_contenu();
    -- Withdrawn, never erased: a reading must keep its object.
    revoke delete on espaces, espace_versions, espace_lectures from parvis_web;

    -- Words in names, résumés and the text of the files in force. Full-text operators are not leakproof and would not use
    -- their indexes behind a policy: found here, with what is shut left out, then joined through the policies.
    -- Planned for the very words: their indexes are worth it for rare ones, and common ones stop at the limit.
    create function app.chercher_espaces(mots text, plafond int) returns table (element uuid, note real)
      language plpgsql stable security definer rows 60
      set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
      declare
        q tsquery := websearch_to_tsquery('app.francais', mots);
        motif text := '%' || replace(replace(replace(
          app.sans_accent(mots), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%';
        organisme uuid := app.organisme_id();
        tout boolean := app.est_permanent();
      begin
        return query
          select c.id, max(c.points)::real from (
            (select e.id, 1 + ts_rank(e.vecteur, q) as points from public.espaces e
              where e.organisme_id = organisme and e.vecteur @@ q and (tout or (${ouvert('e')})) limit plafond)
            union all
            (select e.id, 1 from public.espaces e
              where e.organisme_id = organisme and e.recherche like motif and (tout or (${ouvert('e')})) limit plafond)
            union all
            (select e.id, ts_rank(v.vecteur, q) from public.espace_versions v
                join public.espaces e on e.organisme_id = v.organisme_id and e.version_id = v.id
              where v.organisme_id = organisme and v.vecteur @@ q and (tout or (${ouvert('e')})) limit plafond)) c
          group by c.id;
      end $$;
  `)
  await filesSeenThroughOwners(knex)
}
