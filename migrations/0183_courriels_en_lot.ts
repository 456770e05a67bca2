import type { Knex } from 'knex'

/** Mails by the thousand: one statement writes them, and one task sends a lot of them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- As app.ajouter_courriel, for people of the organisme. A lot waits behind the mails that somebody is waiting for.
    create function app.ajouter_courriels(nom_modele text, cles text[], a_qui uuid[], charges jsonb[], par_lot int)
      returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        lot uuid[];
        a_envoyer uuid[];
      begin
        if app.organisme_id() is null then raise exception 'no organisme in context'; end if;
        if exists (select from unnest(a_qui) as qui where not exists (select from public.utilisateurs u
            where u.organisme_id = app.organisme_id() and u.id = qui)) then
          raise exception 'a mail to somebody who is not of the organisme';
        end if;
        with ecrits as (
          insert into public.courriels (organisme_id, cle, modele, destinataire_id, destinataire_nom, destinataire, donnees,
              abandonne_le, erreur)
            select u.organisme_id, m.cle, nom_modele, u.id, trim(u.prenom || ' ' || u.nom), trim(u.courriel), m.charge,
              case when trim(u.courriel) = '' then now() end,
              case when trim(u.courriel) = '' then 'aucune adresse électronique' else '' end
            from unnest(cles, a_qui, charges) with ordinality as m (cle, a, charge, rang)
            join public.utilisateurs u on u.organisme_id = app.organisme_id() and u.id = m.a
            order by m.rang
            on conflict (organisme_id, cle) do nothing
            returning id, abandonne_le)
        select array_agg(e.id) into a_envoyer from ecrits e where e.abandonne_le is null;
        for i in 1..coalesce(cardinality(a_envoyer), 0) by par_lot loop
          lot := a_envoyer[i : i + par_lot - 1];
          perform graphile_worker.add_job('courriels.envoyer',
            json_build_object('organisme_id', app.organisme_id(), 'ids', lot), max_attempts => 10, priority => 10);
        end loop;
      end $$;
  `)
}
