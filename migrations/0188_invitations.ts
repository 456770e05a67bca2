import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** Invitations by the thousand: whom they left out, and why. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'invitations_ecartees', {
    columns: `
      travail_id uuid not null,
      adherent_id uuid not null,
      raison text not null check (raison in ('adresse', 'identifiant', 'places'))`,
    unique: ['travail_id, adherent_id'],
    references: { travail_id: 'travaux', adherent_id: 'adherents' },
    visible: PERMANENT_SEUL,
    appendOnly: true,
    indexes: ['adherent_id'],
  })
  await knex.raw(`
    -- How many accounts the organisme may have, null when nothing limits them, and how many count now: as
    -- app.tenir_quota_comptes counts them.
    create function app.places_de_comptes() returns table (prevues int, prises int)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select o.quota_comptes, case when o.quota_comptes is null then 0 else (select count(*)::int
          from public.utilisateurs u where u.organisme_id = o.id and (u.parti_le is null or u.parti_le > current_date)) end
      from plateforme.organismes o where o.id = app.organisme_id() and app.est_permanent()
    $$;

    -- As before; but the people of a firm have nothing to ask of whoever runs the portal.
    create or replace function app.tenir_quota_comptes() returns trigger
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
            raise exception '%', case when app.role() in ('cabinet', 'superviseur')
                then 'Tous les comptes prévus pour votre organisme sont pris. Prévenez-le : il peut demander à en avoir davantage.'
                else format('Le nombre de comptes prévu pour votre organisme (%s) est atteint. Demandez à l’exploitant du portail de l’augmenter.', quota)
              end using errcode = '23514', constraint = 'quota_comptes';
          end if;
        end loop;
        return null;
      end $$;
  `)
}
