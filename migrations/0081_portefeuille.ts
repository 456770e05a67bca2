import type { Knex } from 'knex'

/** What a cabinet of 2,000 clients and a million courriers showed. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- The firm whose every dossier this person sees: a row of such a dossier is known by its firm, without the list of
    -- all its clients being made again for each table of a page.
    create function app.portefeuille() returns uuid
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
      declare
        qui constant text := app.role();
      begin
        if qui in ('cabinet', 'superviseur') then return app.structure_id(); end if;
        if qui = 'collaborateur' then
          return (select s.id from public.structures s where s.organisme_id = app.organisme_id()
            and s.id = app.structure_id() and s.portefeuille_partage_depuis is not null);
        end if;
        return null;
      end $$;

    -- Who sees which adherent, as before: a collaborateur's own dossiers are read from his affectations.
    create or replace function app.adherents_visibles() returns setof uuid
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
      declare
        qui constant text := app.role();
        cabinet uuid;
      begin
        if qui = 'adherent' then
          return next app.adherent_id();
        elsif qui in ('cabinet', 'superviseur', 'collaborateur') then
          cabinet := app.portefeuille();
          if cabinet is not null then
            return query select a.id from public.adherents a
              where a.organisme_id = app.organisme_id() and a.structure_id = cabinet;
          else
            return query select a.id from public.affectations f
              join public.adherents a on a.organisme_id = f.organisme_id and a.id = f.adherent_id
              where f.organisme_id = app.organisme_id() and f.utilisateur_id = app.utilisateur_id()
                and f.jusqu_a is null and a.structure_id = app.structure_id();
          end if;
        elsif qui in ('permanent', 'administrateur', 'systeme') then
          return query select a.id from public.adherents a where a.organisme_id = app.organisme_id();
        end if;
      end $$;

    alter policy adherents_visible on adherents using ((select app.est_permanent())
      or structure_id = (select app.portefeuille()) or id in (select app.adherents_visibles()));

    -- A courrier about a dossier is with the firm that has the dossier now: whoever writes it, and whatever he says.
    create function app.courrier_du_cabinet() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if new.adherent_id is not null then
          new.structure_id := (select a.structure_id from public.adherents a
            where a.organisme_id = new.organisme_id and a.id = new.adherent_id);
        end if;
        return new;
      end $$;
    create trigger courriers_du_cabinet before insert or update of structure_id, adherent_id on courriers
      for each row execute function app.courrier_du_cabinet();
    alter policy courriers_visible on courriers using ((select app.est_permanent()) or (publie_le is not null and (
      (adherent_id is not null and structure_id = (select app.portefeuille()))
      or adherent_id in (select app.adherents_visibles())
      or (adherent_id is null and structure_id = (select app.structure_id())
        and (select app.role()) in ('cabinet', 'superviseur')))));

    -- What waits for an answer, of a firm and of a member: some of all that was ever sent.
    create index courriers_a_repondre on courriers (organisme_id, structure_id, a_repondre_avant, id)
      where publie_le is not null and a_repondre_avant is not null and repondu_le is null and clos_le is null;
    create index courriers_a_repondre_adherent on courriers (organisme_id, adherent_id)
      where publie_le is not null and a_repondre_avant is not null and repondu_le is null and clos_le is null;
  `)
}
