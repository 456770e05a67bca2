import type { Knex } from 'knex'

/**
 * What the operator of the platform does: organismes, their hosts, modules and quotas, the queue. Every function that
 * serves its pages asks for its role, and gives numbers and names of things, never a person or a file of an organisme.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table plateforme.organismes
      add column quota_octets bigint check (quota_octets > 0),
      add column quota_comptes int check (quota_comptes > 0),
      add column suspendu_motif text not null default '';

    create index fichiers_taille on fichiers (organisme_id) include (taille);

    -- Quotas hold whoever writes. The message is the sentence that the person reads.
    create function app.tenir_quota_stockage() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        organisme uuid;
        quota bigint;
        total bigint;
      begin
        for organisme in select distinct organisme_id from nouveaux loop
          select quota_octets into quota from plateforme.organismes where id = organisme;
          continue when quota is null;
          select sum(taille) into total from public.fichiers where organisme_id = organisme;
          if total > quota then
            raise exception 'L’espace de stockage prévu pour votre organisme est plein. Prévenez l’organisme : il peut demander à en avoir davantage.'
              using errcode = '23514', constraint = 'quota_stockage';
          end if;
        end loop;
        return null;
      end $$;
    create trigger fichiers_quota after insert on fichiers referencing new table as nouveaux
      for each statement execute function app.tenir_quota_stockage();

    create function app.tenir_quota_comptes() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        organisme uuid;
        quota int;
        total int;
      begin
        for organisme in select distinct organisme_id from nouveaux loop
          select quota_comptes into quota from plateforme.organismes where id = organisme;
          continue when quota is null;
          select count(*) into total from public.utilisateurs
            where organisme_id = organisme and (parti_le is null or parti_le > current_date);
          if total > quota then
            raise exception 'Le nombre de comptes prévu pour votre organisme (%) est atteint. Demandez à l’exploitant du portail de l’augmenter.', quota
              using errcode = '23514', constraint = 'quota_comptes';
          end if;
        end loop;
        return null;
      end $$;
    create trigger utilisateurs_quota after insert on utilisateurs referencing new table as nouveaux
      for each statement execute function app.tenir_quota_comptes();

    create function app.exiger_operateur() returns void language plpgsql stable
      set search_path = pg_catalog, pg_temp as $$
      begin
        if app.role() <> 'operateur' then raise exception 'only the operator' using errcode = '42501'; end if;
      end $$;

    -- For the command of the installation, which runs as the owner, and for the function below.
    create function app.creer_organisme(code text, nature text, nom text, sigle text, hote text, modules text[],
        admin_courriel text, admin_prenom text, admin_nom text, out organisme uuid, out administrateur uuid)
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        insert into plateforme.organismes (code, nature, nom, sigle, modules)
          values (creer_organisme.code, creer_organisme.nature, creer_organisme.nom, creer_organisme.sigle, creer_organisme.modules)
          returning id into organisme;
        insert into plateforme.hotes (hote, organisme_id, principal) values (lower(creer_organisme.hote), organisme, true);
        insert into public.utilisateurs (organisme_id, login, courriel, nom, prenom, role)
          values (organisme, lower(admin_courriel), lower(admin_courriel), admin_nom, admin_prenom,
            case when creer_organisme.nature = 'plateforme' then 'operateur' else 'administrateur' end)
          returning id into administrateur;
      end $$;
    revoke execute on function app.creer_organisme(text, text, text, text, text, text[], text, text, text) from parvis_web;

    create function app.plateforme_creer(code text, nature text, nom text, sigle text, hote text, modules text[],
        admin_courriel text, admin_prenom text, admin_nom text, out organisme uuid, out administrateur uuid)
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.exiger_operateur();
        if nature = 'plateforme' then raise exception 'one platform' using errcode = '42501'; end if;
        -- Staff is made by an administrateur or by the portal itself (0140): here it is the portal, asked by the operator.
        perform set_config('app.role', 'systeme', true);
        select c.organisme, c.administrateur into organisme, administrateur
          from app.creer_organisme(code, nature, nom, sigle, hote, modules, admin_courriel, admin_prenom, admin_nom) c;
        perform set_config('app.role', 'operateur', true);
      end $$;

    create function app.plateforme_organisme(cible uuid) returns table (id uuid, code text, nom text, sigle text, nature text,
        hotes json, modules text[], cree_le timestamptz, suspendu_le timestamptz, suspendu_motif text, quota_octets bigint,
        quota_comptes int, adherents int, structures int, utilisateurs int, administrateurs int, administrateurs_actifs int,
        documents int, courriers int, octets bigint, journal bigint, courriels_en_attente int, courriels_abandonnes int)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select o.id, o.code, o.nom, o.sigle, o.nature,
        (select coalesce(json_agg(json_build_object('hote', h.hote, 'principal', h.principal) order by h.principal desc, h.hote), '[]')
          from plateforme.hotes h where h.organisme_id = o.id),
        o.modules, o.cree_le, o.suspendu_le, o.suspendu_motif, o.quota_octets, o.quota_comptes,
        (select count(*)::int from public.adherents a where a.organisme_id = o.id),
        (select count(*)::int from public.structures s where s.organisme_id = o.id),
        (select count(*)::int from public.utilisateurs u where u.organisme_id = o.id and (u.parti_le is null or u.parti_le > current_date)),
        (select count(*)::int from public.utilisateurs u where u.organisme_id = o.id and u.role = 'administrateur'),
        (select count(*)::int from public.utilisateurs u where u.organisme_id = o.id and u.role = 'administrateur' and u.active_le is not null),
        (select count(*)::int from public.documents d where d.organisme_id = o.id),
        (select count(*)::int from public.courriers c where c.organisme_id = o.id),
        (select coalesce(sum(f.taille), 0)::bigint from public.fichiers f where f.organisme_id = o.id),
        (select coalesce(max(j.numero), 0)::bigint from public.journal j where j.organisme_id = o.id),
        (select count(*)::int from public.courriels c where c.organisme_id = o.id and c.envoye_le is null and c.abandonne_le is null),
        (select count(*)::int from public.courriels c where c.organisme_id = o.id and c.abandonne_le is not null)
      from plateforme.organismes o
      where app.role() = 'operateur' and o.nature <> 'plateforme' and o.id = cible
    $$;

    -- Suspending ends every session there, in the same transaction. Giving no reason takes the suspension back.
    create function app.plateforme_suspendre(cible uuid, motif text) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.exiger_operateur();
        update plateforme.organismes set suspendu_le = case when motif = '' then null else now() end,
          suspendu_motif = motif, modifie_le = now() where id = cible and nature <> 'plateforme';
        if motif <> '' then delete from acces.sessions where organisme_id = cible; end if;
      end $$;

    create function app.plateforme_regler(cible uuid, nouveaux text[], octets bigint, comptes int) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.exiger_operateur();
        update plateforme.organismes set modules = nouveaux, quota_octets = octets, quota_comptes = comptes, modifie_le = now()
          where id = cible and nature <> 'plateforme';
      end $$;

    -- The first host of an organisme is the one that its mails name, until another is.
    create function app.plateforme_ajouter_hote(cible uuid, nom text, premier boolean) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.exiger_operateur();
        if premier then update plateforme.hotes set principal = false where organisme_id = cible; end if;
        insert into plateforme.hotes (hote, organisme_id, principal)
          select lower(plateforme_ajouter_hote.nom), o.id, premier from plateforme.organismes o where o.id = cible and o.nature <> 'plateforme';
      end $$;
    create function app.plateforme_retirer_hote(cible uuid, nom text) returns boolean
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.exiger_operateur();
        delete from plateforme.hotes h where h.organisme_id = cible and h.hote = nom
          and exists (select from plateforme.hotes x where x.organisme_id = cible and x.hote <> nom);
        if not found then return false; end if;
        update plateforme.hotes set principal = true where hote = (select min(hote) from plateforme.hotes x
          where x.organisme_id = cible) and not exists (select from plateforme.hotes x where x.organisme_id = cible and x.principal);
        return true;
      end $$;

    -- An administrateur who has never opened his account, to be invited again: his id and nothing more.
    create function app.plateforme_administrateur(cible uuid) returns uuid
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select u.id from public.utilisateurs u where app.role() = 'operateur' and u.organisme_id = cible
        and u.role = 'administrateur' and u.active_le is null and u.bloque_le is null order by u.cree_le limit 1
    $$;
  `)
}
