import type { Knex } from 'knex'

/** News for chosen cabinets: their people and, when adhérents are among its roles, their clients. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- The cabinet by which a person is concerned: that where he works, or that which has his dossier.
    create function app.mon_cabinet() returns uuid
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.role() in ('cabinet', 'superviseur', 'collaborateur') then return app.structure_id(); end if;
        return (select s.id from app.structure_du_client() as s (id));
      end $$;

    alter table actualites add column pour_cabinets uuid[] not null default '{}';
    -- An array holds no foreign key: a cabinet of another organisme, or of none, is refused here.
    create function app.actualite_pour_des_cabinets() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if exists (select from unnest(new.pour_cabinets) as c (id) where not exists (select from public.structures s
            where s.organisme_id = new.organisme_id and s.id = c.id)) then
          raise exception 'no such firm here' using errcode = '23503', constraint = 'actualites_pour_des_cabinets';
        end if;
        return new;
      end $$;
    create trigger actualites_pour_des_cabinets before insert or update of pour_cabinets on actualites
      for each row when (new.pour_cabinets <> '{}') execute function app.actualite_pour_des_cabinets();
    -- As for professions, the cabinet of a person is read only when a row asks for some.
    alter policy actualites_visible on actualites using ((select app.est_permanent())
      or (publiee_le is not null and retiree_le is null and (select app.role()) = any (pour_roles)
        and visible_du <= (select app.aujourdhui()) and (visible_au is null or visible_au >= (select app.aujourdhui()))
        and (pour_professions = '{}' or pour_professions && (select app.mes_professions()))
        and (pour_cabinets = '{}' or (select app.mon_cabinet()) = any (pour_cabinets))));
  `)
}
