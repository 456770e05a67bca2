import type { Knex } from 'knex'

/** Who answers for a firm, its options apart: the log-in of the firm, and those it named superviseurs. */
const DIRIGE = `(select app.role()) in ('cabinet', 'superviseur')`
const DE_SON_CABINET = `structure_id = (select app.structure_id()) and role in ('collaborateur', 'superviseur')`

/** Collaborateurs, their dossiers and their accounts: written by those who answer for the firm, and by nobody else. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter policy structures_insert on structures with check ((select app.est_permanent()));
    alter policy structures_update on structures
      using ((select app.est_permanent()) or (id = (select app.structure_id()) and ${DIRIGE}))
      with check ((select app.est_permanent()) or (id = (select app.structure_id()) and ${DIRIGE}));
    revoke delete on structures from parvis_web;

    -- Nobody is deleted. Only the firm itself names a superviseur.
    alter policy utilisateurs_insert on utilisateurs with check ((select app.est_permanent())
      or (${DIRIGE} and ${DE_SON_CABINET} and (role = 'collaborateur' or (select app.role()) = 'cabinet')));
    alter policy utilisateurs_update on utilisateurs
      using ((select app.est_permanent()) or id = (select app.utilisateur_id()) or (${DIRIGE} and ${DE_SON_CABINET}))
      with check ((select app.est_permanent()) or id = (select app.utilisateur_id()) or (${DIRIGE} and ${DE_SON_CABINET}));
    revoke delete on utilisateurs from parvis_web;

    -- What a person changes of himself, and what his superviseur changes of him. An address in use is changed by its
    -- owner only: whoever reads the mail of an account can take the account.
    create function app.utilisateur_fige() returns trigger
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
        if to_jsonb(new) - libres <> to_jsonb(old) - libres then
          raise exception 'this person may not change that of an account' using errcode = '42501';
        end if;
        return new;
      end $$;
    create trigger utilisateurs_figes before update on utilisateurs
      for each row execute function app.utilisateur_fige();

    -- The next code of the organisme: a code that served once is never given again.
    create function app.prochain_code_collaborateur() returns text
      language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.organisme_id() is null then raise exception 'no organisme in context'; end if;
        perform pg_advisory_xact_lock(hashtextextended('collaborateurs:' || app.organisme_id()::text, 0));
        return 'COL' || (select coalesce(max(substr(u.login, 4)::bigint), 0) + 1 from public.utilisateurs u
          where u.organisme_id = app.organisme_id() and u.login ~* '^col[0-9]{1,12}$');
      end $$;

    -- An affectation is the business of the firm. It begins and it ends; it is not rewritten.
    alter policy affectations_visible on affectations using ((select app.est_permanent())
      or (utilisateur_id in (select u.id from public.utilisateurs u where u.structure_id = (select app.structure_id()))
        and (${DIRIGE} or adherent_id in (select app.adherents_visibles()))));
    alter policy affectations_insert on affectations with check (${DIRIGE} and jusqu_a is null
      and affecte_par = (select app.utilisateur_id()) and adherent_id in (select app.adherents_visibles())
      and exists (select from public.utilisateurs u where u.organisme_id = affectations.organisme_id
        and u.id = affectations.utilisateur_id and u.structure_id = (select app.structure_id())
        and u.role in ('collaborateur', 'superviseur') and u.parti_le is null));
    alter policy affectations_update on affectations
      using (${DIRIGE} and utilisateur_id in (select u.id from public.utilisateurs u
        where u.structure_id = (select app.structure_id())))
      with check (${DIRIGE} and utilisateur_id in (select u.id from public.utilisateurs u
        where u.structure_id = (select app.structure_id())));
    alter table affectations alter affecte_par set default app.utilisateur_id();
    revoke update, delete on affectations from parvis_web;
    grant update (jusqu_a, retire_par) on affectations to parvis_web;
    create index affectations_en_cours on affectations (organisme_id, utilisateur_id) where jusqu_a is null;

    -- The dossier goes to another firm, or to none: who had it there has it no more.
    create function app.affectations_finissent() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        update public.affectations f set jusqu_a = greatest(clock_timestamp(), f.depuis), retire_par = app.utilisateur_id()
          where f.organisme_id = new.organisme_id and f.adherent_id = new.id and f.jusqu_a is null;
        return null;
      end $$;
    create trigger adherents_affectations_finissent after update of structure_id on adherents
      for each row when (old.structure_id is distinct from new.structure_id) execute function app.affectations_finissent();

    -- F72: a firm that has not switched on the accounts of its collaborateurs lets none of them in.
    create function app.comptes_ouverts(organisme uuid, structure uuid) returns boolean
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select exists (select from public.structures s where s.organisme_id = organisme and s.id = structure
        and (s.nature <> 'cabinet' or s.comptes_depuis is not null))
    $$;
    create or replace function app.session_ouverte(cle bytea, organisme uuid) returns table (
        donnees jsonb, vue_il_y_a int, id uuid, role text, login text, courriel text, civilite text, nom text, prenom text,
        adherent_id uuid, structure_id uuid, structure_nom text, structure_numero text, adherent_numero text,
        second_facteur boolean)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select s.donnees, extract(epoch from now() - s.vue_le)::int, u.id, u.role, u.login, u.courriel, u.civilite, u.nom,
             u.prenom, u.adherent_id, u.structure_id, t.nom, t.numero, a.numero, x.totp_confirme_le is not null
      from acces.sessions s
      left join public.utilisateurs u on u.organisme_id = s.organisme_id and u.id = s.utilisateur_id
        and u.bloque_le is null and (u.parti_le is null or u.parti_le > current_date)
        and (u.role not in ('collaborateur', 'superviseur') or app.comptes_ouverts(u.organisme_id, u.structure_id))
      left join public.structures t on t.organisme_id = u.organisme_id and t.id = u.structure_id
      left join public.adherents a on a.organisme_id = u.organisme_id and a.id = u.adherent_id
      left join acces.secrets x on x.organisme_id = u.organisme_id and x.utilisateur_id = u.id
      where s.empreinte = cle and s.organisme_id = organisme and s.expire_le > now() and s.fin_le > now()
        and (s.utilisateur_id is null or u.id is not null)
    $$;
    create or replace function app.identifier(organisme uuid, saisie text) returns table (id uuid, role text, courriel text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select u.id, u.role, u.courriel from public.utilisateurs u
      where u.organisme_id = organisme and u.bloque_le is null
        and (u.parti_le is null or u.parti_le > current_date)
        and (u.role not in ('collaborateur', 'superviseur') or app.comptes_ouverts(u.organisme_id, u.structure_id))
        and (lower(u.login) = lower(saisie)
          or (lower(u.courriel) = lower(saisie) and u.courriel <> '' and not exists (
            select from public.utilisateurs v where v.organisme_id = organisme and lower(v.courriel) = lower(saisie)
              and v.id <> u.id)))
      order by (lower(u.login) = lower(saisie)) desc limit 1
    $$;
    create or replace function app.compte(organisme uuid, utilisateur uuid) returns table (
        id uuid, role text, login text, courriel text, civilite text, nom text, prenom text, adherent_id uuid,
        structure_id uuid, mot_de_passe text, version int, second_facteur boolean)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select u.id, u.role, u.login, u.courriel, u.civilite, u.nom, u.prenom, u.adherent_id, u.structure_id,
             x.mot_de_passe, coalesce(x.version, 0), x.totp_confirme_le is not null
      from public.utilisateurs u
      left join acces.secrets x on x.organisme_id = u.organisme_id and x.utilisateur_id = u.id
      where u.organisme_id = organisme and u.id = utilisateur and u.bloque_le is null
        and (u.parti_le is null or u.parti_le > current_date)
        and (u.role not in ('collaborateur', 'superviseur') or app.comptes_ouverts(u.organisme_id, u.structure_id))
    $$;

    -- What the journal keeps of somebody of the firm, for those who answer for it: acts of the trade that the caller
    -- names, about clients that the firm still has.
    create index journal_par_personne on journal (organisme_id, utilisateur_id, numero desc);
    create function app.actes_de(qui uuid, actions text[], avant bigint, apres bigint, plafond int)
      returns table (numero bigint, le timestamptz, acteur text, action text, adherent_id uuid, denomination text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select j.numero, j.le, j.acteur, j.action, a.id, a.denomination
      from public.journal j
      left join public.adherents a on a.organisme_id = j.organisme_id and a.id = j.adherent_id
        and a.structure_id = app.structure_id()
      where ${DIRIGE} and j.organisme_id = app.organisme_id()
        and exists (select from public.utilisateurs u where u.organisme_id = j.organisme_id and u.id = qui
          and u.structure_id = app.structure_id() and u.role in ('collaborateur', 'superviseur'))
        and (j.utilisateur_id = qui or (j.objet = 'collaborateur' and j.objet_id = qui))
        and j.action = any(actions) and (j.adherent_id is null or a.id is not null)
        and (avant is null or j.numero < avant) and (apres is null or j.numero > apres)
      order by case when apres is null then -j.numero else j.numero end limit plafond
    $$;
  `)
}
