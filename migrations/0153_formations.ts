import type { Knex } from 'knex'

/** Formations kept by staff: drafts, cancelled sessions, a waiting list, who was there. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table formations
      add column modele_id uuid,
      add column attente int not null default 0 check (attente >= 0),
      add column publiee_le timestamptz,
      add column publiee_par uuid,
      add column annulee_le timestamptz,
      add column annulee_par uuid,
      add column motif_annulation text not null default '',
      add column modifie_par uuid default app.utilisateur_id(),
      add column modifie_le timestamptz not null default now(),
      add column revision int not null default 1,
      add check ((annulee_le is null) = (motif_annulation = '')),
      add foreign key (organisme_id, modele_id) references formations (organisme_id, id),
      add foreign key (organisme_id, publiee_par) references utilisateurs (organisme_id, id),
      add foreign key (organisme_id, annulee_par) references utilisateurs (organisme_id, id),
      add foreign key (organisme_id, modifie_par) references utilisateurs (organisme_id, id);
    create index on formations (organisme_id, modele_id);
    update formations set publiee_le = cree_le, modifie_le = cree_le;
    alter policy formations_visible on formations using ((select app.est_permanent())
      or ((select app.est_connecte()) and publiee_le is not null));
    revoke delete on formations from parvis_web;

    alter table inscriptions
      -- Since when somebody waits for a place; null: he has one.
      add column attente_depuis timestamptz,
      add column promue_le timestamptz,
      add column presence text check (presence in ('present', 'absent')),
      add column presence_le timestamptz,
      add column presence_par uuid,
      add check ((presence is null) = (presence_le is null)),
      add check (presence is null or (annulee_le is null and attente_depuis is null)),
      add foreign key (organisme_id, presence_par) references utilisateurs (organisme_id, id);
    create index on inscriptions (organisme_id, formation_id, attente_depuis) where attente_depuis is not null;

    -- A place, or the waiting list behind whoever is there: decided under the lock of the session, so that the last place
    -- goes to one, and a place given back to nobody who has just come.
    create function app.placer_inscription() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        f public.formations;
      begin
        if new.annulee_le is not null or new.attente_depuis is not null then return new; end if;
        select * into f from public.formations x where x.organisme_id = new.organisme_id and x.id = new.formation_id for update;
        if f.inscrits >= f.places or f.attente > 0 then new.attente_depuis := clock_timestamp(); end if;
        return new;
      end $$;
    create trigger inscriptions_place before insert on inscriptions
      for each row execute function app.placer_inscription();

    create or replace function app.compter_inscription() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        prises int := 0;
        en_attente int := 0;
      begin
        if tg_op <> 'DELETE' and new.annulee_le is null then
          if new.attente_depuis is null then prises := 1; else en_attente := 1; end if;
        end if;
        if tg_op <> 'INSERT' and old.annulee_le is null then
          if old.attente_depuis is null then prises := prises - 1; else en_attente := en_attente - 1; end if;
        end if;
        if prises <> 0 or en_attente <> 0 then
          update public.formations f set inscrits = f.inscrits + prises, attente = f.attente + en_attente
            where f.organisme_id = coalesce(new.organisme_id, old.organisme_id)
              and f.id = coalesce(new.formation_id, old.formation_id);
        end if;
        return null;
      end $$;
    drop trigger inscriptions_compte on inscriptions;
    create trigger inscriptions_compte after insert or delete or update of annulee_le, attente_depuis on inscriptions
      for each row execute function app.compter_inscription();

    -- Free places go to those who wait, first come first served; gives whom to tell. Whoever cancels may not see them.
    create function app.attribuer_places(formation uuid)
        returns table (inscription uuid, adherent uuid, utilisateur uuid)
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        f public.formations;
        i record;
      begin
        select * into f from public.formations x
          where x.organisme_id = app.organisme_id() and x.id = formation for update;
        if f.id is null or f.annulee_le is not null or f.debut <= now() then return; end if;
        for i in select n.id, n.adherent_id from public.inscriptions n
            where n.organisme_id = f.organisme_id and n.formation_id = f.id and n.annulee_le is null
              and n.attente_depuis is not null
            order by n.attente_depuis, n.id limit greatest(f.places - f.inscrits, 0)
        loop
          update public.inscriptions n set attente_depuis = null, promue_le = clock_timestamp()
            where n.organisme_id = f.organisme_id and n.id = i.id;
          return query select i.id::uuid, i.adherent_id::uuid, u.id from public.utilisateurs u
            where u.organisme_id = f.organisme_id and u.adherent_id = i.adherent_id and u.bloque_le is null;
        end loop;
      end $$;
    -- The session before any of its rows: who cancels and who gives places away would wait for each other.
    create function app.verrouiller_formation(formation uuid) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform 1 from public.formations x where x.organisme_id = app.organisme_id() and x.id = formation for update;
      end $$;
    -- How many stand before, and oneself: 1 is the next one.
    create function app.rang_attente(inscription uuid) returns int
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select count(*)::int from public.inscriptions n join public.inscriptions moi on moi.organisme_id = n.organisme_id
          and moi.formation_id = n.formation_id
        where moi.organisme_id = app.organisme_id() and moi.id = inscription and n.annulee_le is null
          and n.attente_depuis is not null and (n.attente_depuis, n.id) <= (moi.attente_depuis, moi.id)
    $$;
  `)
}
