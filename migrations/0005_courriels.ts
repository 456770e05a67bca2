import type { Knex } from 'knex'

/** Mails that leave with the act, and what the worker needs to know of every organisme. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table public.courriels add column destinataire_nom text not null default '';
    alter table public.courriels alter column objet set default '';

    -- A mail and its sending, in the transaction of the act. Whoever acts may send one, a visitor without log-in too,
    -- though he may neither write here nor read whom it goes to. The same key twice is one mail.
    create function app.ajouter_courriel(cle_unique text, nom_modele text, a_qui uuid, nom text, adresse text, charge jsonb)
      returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        ligne uuid;
      begin
        if app.organisme_id() is null then raise exception 'no organisme in context'; end if;
        if a_qui is not null then
          select trim(u.prenom || ' ' || u.nom), trim(u.courriel) into strict nom, adresse
            from public.utilisateurs u where u.organisme_id = app.organisme_id() and u.id = a_qui;
        end if;
        insert into public.courriels (organisme_id, cle, modele, destinataire_id, destinataire_nom, destinataire, donnees,
            abandonne_le, erreur)
          values (app.organisme_id(), cle_unique, nom_modele, a_qui, nom, adresse, charge,
            case when adresse = '' then now() end, case when adresse = '' then 'aucune adresse électronique' else '' end)
          on conflict (organisme_id, cle) do nothing
          returning id into ligne;
        if ligne is not null and adresse <> '' then
          perform app.ajouter_tache('courriels.envoyer', json_build_object('id', ligne), null, 'courriel:' || ligne, 10);
        end if;
      end $$;

    -- For work that goes through every organisme: its housekeeping, the check of the journals.
    create function app.organismes() returns table (id uuid, code text)
      language sql stable security definer set search_path = pg_catalog, pg_temp
      as $$ select o.id, o.code from plateforme.organismes o order by o.code $$;
  `)
}
