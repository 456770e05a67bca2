import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

const MOI = '(select app.utilisateur_id())'

/** Rights of the staff, « voir comme », second factors taken away by two people: held by the database. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- What a permanent may be given to do; null is everything (policy.ts knows the names).
    alter table utilisateurs add column domaines text[];
    alter table utilisateurs add constraint utilisateurs_domaines check (domaines is null or role = 'permanent');

    -- Staff is made and changed by an administrateur, never one's own rights. The owner (role aucun) writes worlds.
    create function app.personnel_fige() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        qui constant text := app.role();
        staff constant text[] := array['permanent', 'administrateur', 'operateur'];
      begin
        if qui in ('aucun', 'systeme', 'administrateur') and (tg_op = 'INSERT' or old.id is distinct from app.utilisateur_id())
        then return new; end if;
        if tg_op = 'INSERT' then
          if new.role = any(staff) then
            raise exception 'only an administrateur makes staff' using errcode = '42501';
          end if;
          return new;
        end if;
        if (new.role <> old.role and (new.role = any(staff) or old.role = any(staff)))
          or new.domaines is distinct from old.domaines then
          raise exception 'nobody changes these rights from here' using errcode = '42501';
        end if;
        if old.role = any(staff) and (old.id is distinct from app.utilisateur_id() or qui <> 'administrateur')
          and (new.bloque_le is distinct from old.bloque_le or new.parti_le is distinct from old.parti_le
            or (new.courriel <> old.courriel and old.id is distinct from app.utilisateur_id()))
        then
          raise exception 'only an administrateur changes staff' using errcode = '42501';
        end if;
        return new;
      end $$;
    create trigger utilisateurs_personnel before insert or update on utilisateurs
      for each row execute function app.personnel_fige();

    -- An organisme without administrateur could never have one again.
    create function app.dernier_administrateur() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.role() = 'aucun' then return null; end if;
        perform pg_advisory_xact_lock(hashtextextended('administrateurs:' || old.organisme_id::text, 0));
        if not exists (select from public.utilisateurs u where u.organisme_id = old.organisme_id
            and u.role = 'administrateur' and u.active_le is not null and u.bloque_le is null and u.parti_le is null) then
          raise exception 'the last administrateur stays' using errcode = '23514', constraint = 'dernier_administrateur';
        end if;
        return null;
      end $$;
    create trigger utilisateurs_dernier_administrateur after update on utilisateurs
      for each row when (old.role = 'administrateur' and (new.role <> old.role or new.bloque_le is distinct from old.bloque_le
        or new.parti_le is distinct from old.parti_le))
      execute function app.dernier_administrateur();

    -- What the list of accounts needs to stay fast: its orders, and a search by words in any order (see 0022).
    alter table utilisateurs
      add column recherche text not null generated always as
        (app.sans_accent(nom || ' ' || prenom || ' ' || login || ' ' || courriel)) stored,
      add column login_tri text not null collate "C" generated always as (lpad(lower(login), 60, '0')) stored;
    create index utilisateurs_par_nom on utilisateurs (organisme_id, recherche, id);
    create index utilisateurs_recherche_trgm on utilisateurs using gin (recherche gin_trgm_ops);
    create index utilisateurs_par_login on utilisateurs (organisme_id, login_tri, id);
    create index utilisateurs_par_connexion on utilisateurs
      (organisme_id, (coalesce(derniere_connexion_le, '-infinity'::timestamptz)), id);
    create function app.chercher_comptes(mots text, plafond int) returns setof uuid
      language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      declare
        motifs text[];
      begin
        select array_agg('%' || replace(replace(replace(mot, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
            order by length(mot) desc)
          into motifs
          from regexp_split_to_table(left(app.sans_accent(mots), 100), '\\s+') as mot where mot <> '';
        if motifs is null then return; end if;
        return query execute 'select u.id from public.utilisateurs u
            where u.organisme_id = $1 and u.recherche like $2 and u.recherche like all ($3)
            order by u.recherche, u.id limit $4'
          using app.organisme_id(), motifs[1], motifs, plafond;
      end $$;
    -- As in 0070; the generated columns are not yet made when this runs.
    create or replace function app.utilisateur_fige() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        qui constant text := app.role();
        libres text[];
      begin
        if qui in ('permanent', 'administrateur', 'systeme', 'aucun') then return new; end if;
        if new.id = app.utilisateur_id() then
          libres := array['courriel', 'active_le', 'derniere_connexion_le'];
        elsif qui = 'superviseur' and old.role = 'superviseur' then
          libres := array[]::text[];
        else
          libres := array['civilite', 'nom', 'prenom', 'fonction', 'bloque_le', 'parti_le'];
          if qui = 'cabinet' then libres := libres || 'role'::text; end if;
          if old.active_le is null then libres := libres || 'courriel'::text; end if;
        end if;
        libres := libres || array['recherche', 'login_tri'];
        if to_jsonb(new) - libres <> to_jsonb(old) - libres then
          raise exception 'this person may not change that of an account' using errcode = '42501';
        end if;
        return new;
      end $$;
  `)

  await createScopedTable(knex, 'vues_comme', {
    columns: `
      utilisateur_id uuid not null,
      permanent_id uuid not null default app.utilisateur_id(),
      permanent_nom text not null,
      motif text not null check (length(motif) >= 5),
      ouverte_le timestamptz not null default now(),
      expire_le timestamptz not null default now() + interval '30 minutes',
      terminee_le timestamptz`,
    references: { utilisateur_id: 'utilisateurs', permanent_id: 'utilisateurs' },
    constraints: [
      'check (utilisateur_id <> permanent_id)',
      `check (expire_le <= ouverte_le + interval '30 minutes')`,
    ],
    visible: `((select app.est_permanent()) or utilisateur_id = ${MOI})`,
    writable: `((select app.est_permanent()) and permanent_id = ${MOI})`,
    indexes: ['utilisateur_id, ouverte_le desc', 'permanent_id'],
  })

  await knex.raw(`
    revoke update, delete on vues_comme from parvis_web;
    grant update (terminee_le) on vues_comme to parvis_web;

    alter table acces.sessions add column vue_comme_id uuid;
    alter table acces.sessions add constraint sessions_vue_comme
      foreign key (organisme_id, vue_comme_id) references public.vues_comme (organisme_id, id);
    create index on acces.sessions (vue_comme_id) where vue_comme_id is not null;

    -- However a session ends (log-out, blocking, pruning), what it was looking at ends with it.
    create function app.vue_comme_finit() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        update public.vues_comme v set terminee_le = least(clock_timestamp(), v.expire_le)
          where v.organisme_id = old.organisme_id and v.id = old.vue_comme_id and v.terminee_le is null;
        return null;
      end $$;
    create trigger sessions_vue_comme_finit after delete on acces.sessions
      for each row when (old.vue_comme_id is not null) execute function app.vue_comme_finit();

    -- Whether this transaction is that of somebody who looks at the portal as another person.
    create function app.en_vue() returns boolean language sql stable parallel safe
      as $$ select coalesce(current_setting('app.vue_comme', true), '') <> '' $$;
    -- Drafts, and answers that wait for a validation, are the business of the firm: they stay hidden from the organisme
    -- when it looks through the eyes of one of its people.
    create policy brouillons_vue on brouillons as restrictive for select using (not (select app.en_vue()));
    create policy reponses_vue on reponses as restrictive for select
      using (not (select app.en_vue()) or transmise_le is not null);

    -- As before, with the domaines of the person, and for a session that looks as another: that other, and who looks.
    drop function app.session_ouverte(bytea, uuid);
    create function app.session_ouverte(cle bytea, organisme uuid) returns table (
        donnees jsonb, vue_il_y_a int, id uuid, role text, login text, courriel text, civilite text, nom text, prenom text,
        adherent_id uuid, structure_id uuid, structure_nom text, structure_numero text, adherent_numero text,
        second_facteur boolean, domaines text[], vue_comme json)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select s.donnees, extract(epoch from now() - s.vue_le)::int, u.id, u.role, u.login, u.courriel, u.civilite, u.nom,
             u.prenom, u.adherent_id, u.structure_id, t.nom, t.numero, a.numero, x.totp_confirme_le is not null, u.domaines,
             case when s.vue_comme_id is not null then (
               select json_build_object('id', s.vue_comme_id, 'expireLe', v.expire_le, 'ouverte', v.id is not null,
                 'par', json_build_object('id', p.id, 'role', p.role, 'login', p.login, 'courriel', p.courriel,
                   'civilite', p.civilite, 'nom', p.nom, 'prenom', p.prenom, 'domaines', p.domaines,
                   'secondFacteur', exists (select from acces.secrets y where y.organisme_id = p.organisme_id
                     and y.utilisateur_id = p.id and y.totp_confirme_le is not null)))
               from public.utilisateurs p where p.organisme_id = s.organisme_id and p.id = s.utilisateur_id) end
      from acces.sessions s
      left join public.vues_comme v on s.vue_comme_id is not null and v.organisme_id = s.organisme_id
        and v.id = s.vue_comme_id and v.terminee_le is null and v.expire_le > now()
      left join public.utilisateurs u on u.organisme_id = s.organisme_id and u.id = coalesce(v.utilisateur_id, s.utilisateur_id)
        and (v.id is not null or (u.bloque_le is null and (u.parti_le is null or u.parti_le > current_date)
          and (u.role not in ('collaborateur', 'superviseur') or app.comptes_ouverts(u.organisme_id, u.structure_id))))
      left join public.structures t on t.organisme_id = u.organisme_id and t.id = u.structure_id
      left join public.adherents a on a.organisme_id = u.organisme_id and a.id = u.adherent_id
      left join acces.secrets x on x.organisme_id = u.organisme_id and x.utilisateur_id = u.id
      where s.empreinte = cle and s.organisme_id = organisme and s.expire_le > now() and s.fin_le > now()
        and (s.utilisateur_id is null or u.id is not null)
        and (v.id is null or exists (select from public.utilisateurs p where p.organisme_id = s.organisme_id
          and p.id = s.utilisateur_id and p.bloque_le is null and (p.parti_le is null or p.parti_le > current_date)
          and p.role in ('permanent', 'administrateur')))
    $$;
  `)

  await createScopedTable(knex, 'retraits_second_facteur', {
    columns: `
      utilisateur_id uuid not null,
      motif text not null check (length(motif) >= 5),
      demande_par uuid not null default app.utilisateur_id(),
      demande_le timestamptz not null default now(),
      expire_le timestamptz not null default now() + interval '24 hours',
      confirme_par uuid,
      confirme_le timestamptz,
      refuse_par uuid,
      refuse_le timestamptz`,
    references: {
      utilisateur_id: 'utilisateurs',
      demande_par: 'utilisateurs',
      confirme_par: 'utilisateurs',
      refuse_par: 'utilisateurs',
    },
    constraints: [
      // Two people, and neither of them whose factor it is.
      'constraint retraits_deux_personnes check (confirme_par is null or confirme_par <> demande_par)',
      'constraint retraits_pas_le_sien check (demande_par <> utilisateur_id and confirme_par is distinct from utilisateur_id)',
      'check (confirme_le is null or refuse_le is null)',
      'check (confirme_le is null or confirme_le <= expire_le)',
    ],
    visible: PERMANENT_SEUL,
    writable: `((select app.est_permanent()) and demande_par = ${MOI} and confirme_par is null and refuse_par is null)`,
    indexes: ['utilisateur_id, demande_le desc', 'demande_le desc'],
  })
  await knex.raw(`
    revoke update, delete on retraits_second_facteur from parvis_web;
    grant update (confirme_par, confirme_le, refuse_par, refuse_le) on retraits_second_facteur to parvis_web;
    alter policy retraits_second_facteur_update on retraits_second_facteur using (${PERMANENT_SEUL})
      with check ((confirme_par is null or confirme_par = ${MOI}) and (refuse_par is null or refuse_par = ${MOI}));
    create unique index retraits_un_a_la_fois on retraits_second_facteur (organisme_id, utilisateur_id)
      where confirme_le is null and refuse_le is null;
  `)
}
