import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

const ADMINISTRATEUR = `(select app.role()) in ('administrateur', 'systeme')`

/** What an administrateur sets for his organisme, and what has had its time. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- The row of the organisme is the platform's: an administrateur changes these columns of his own, and no other.
    create function app.regler(champs jsonb) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.organisme_id() is null or app.role() <> 'administrateur' then
          raise exception 'only an administrateur sets the organisme' using errcode = '42501';
        end if;
        update plateforme.organismes o set
          nom = coalesce(champs ->> 'nom', o.nom), sigle = coalesce(champs ->> 'sigle', o.sigle),
          forme = coalesce(champs ->> 'forme', o.forme), telephone = coalesce(champs ->> 'telephone', o.telephone),
          courriel = coalesce(champs ->> 'courriel', o.courriel), site = coalesce(champs ->> 'site', o.site),
          horaires = coalesce(champs ->> 'horaires', o.horaires), couleur = coalesce(champs ->> 'couleur', o.couleur),
          adresse = case when jsonb_exists(champs, 'adresse') then array(select jsonb_array_elements_text(champs -> 'adresse')) else o.adresse end,
          modules = case when jsonb_exists(champs, 'modules') then array(select jsonb_array_elements_text(champs -> 'modules')) else o.modules end,
          vocabulaire = o.vocabulaire || coalesce(champs -> 'vocabulaire', '{}'),
          reglages = o.reglages || coalesce(champs -> 'reglages', '{}'),
          modifie_le = now()
        where o.id = app.organisme_id();
      end $$;
    create function app.regler_logo(image bytea) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.organisme_id() is null or app.role() <> 'administrateur' then
          raise exception 'only an administrateur sets the organisme' using errcode = '42501';
        end if;
        update plateforme.organismes o set logo = image, modifie_le = now() where o.id = app.organisme_id();
      end $$;
    create function app.reglages() returns jsonb
      language sql stable security definer set search_path = pg_catalog, pg_temp
      as $$ select o.reglages from plateforme.organismes o where o.id = app.organisme_id() $$;

    -- Web processes keep organismes for some seconds: they hear of a change at once.
    create function app.organismes_changes() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      begin
        perform pg_notify('parvis_organismes', '');
        return null;
      end $$;
    create trigger organismes_changes after insert or update or delete on plateforme.organismes
      for each statement execute function app.organismes_changes();
    create trigger hotes_changes after insert or update or delete on plateforme.hotes
      for each statement execute function app.organismes_changes();

    -- A legal parameter in force has decided deadlines: only those to come are added, changed or taken back.
    create function app.parametres_a_venir() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      begin
        if app.role() = 'aucun' then return coalesce(new, old); end if;
        if app.role() <> 'administrateur' or (tg_op <> 'INSERT' and old.depuis <= current_date)
          or (tg_op <> 'DELETE' and new.depuis <= current_date) then
          raise exception 'the past of a legal parameter is not changed'
            using errcode = '23514', constraint = 'parametres_a_venir';
        end if;
        return coalesce(new, old);
      end $$;
    create trigger parametres_legaux_a_venir before insert or update or delete on parametres_legaux
      for each row execute function app.parametres_a_venir();
    alter table parametres_legaux add column source text not null default '';

    -- Exchanges that were closed long ago, with their files' rows; whatever another table still names is left alone.
    create function app.purger_messages(avant timestamptz) returns int
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        fil record;
        fichiers uuid[];
        n int := 0;
      begin
        if app.organisme_id() is null or app.role() <> 'systeme' then
          raise exception 'only the worker purges' using errcode = '42501';
        end if;
        for fil in select f.id from public.fils f
          where f.organisme_id = app.organisme_id() and f.clos_le < avant limit 5000
        loop
          begin
            select coalesce(array_agg(p.fichier_id), '{}') into fichiers from public.messages_fichiers p
              join public.messages m on m.organisme_id = p.organisme_id and m.id = p.message_id
              where m.organisme_id = app.organisme_id() and m.fil_id = fil.id;
            delete from public.messages_fichiers p using public.messages m where m.organisme_id = p.organisme_id
              and m.id = p.message_id and m.organisme_id = app.organisme_id() and m.fil_id = fil.id;
            delete from public.fils_lectures l where l.organisme_id = app.organisme_id() and l.fil_id = fil.id;
            delete from public.fils_copies c where c.organisme_id = app.organisme_id() and c.fil_id = fil.id;
            delete from public.messages m where m.organisme_id = app.organisme_id() and m.fil_id = fil.id;
            delete from public.fils f where f.organisme_id = app.organisme_id() and f.id = fil.id;
            delete from public.fichiers x where x.organisme_id = app.organisme_id() and x.id = any(fichiers);
            n := n + 1;
          exception when foreign_key_violation then null;
          end;
        end loop;
        return n;
      end $$;
  `)
  await createScopedTable(knex, 'textes_courriels', {
    columns: `
      modele text not null,
      variante text not null default '',
      objet text not null check (objet <> '' and objet !~ '[\\n\\r]'),
      texte text not null check (texte <> ''),
      bouton text not null check (bouton <> '' and bouton !~ '[\\n\\r]'),
      modifie_le timestamptz not null default now(),
      modifie_par uuid default app.utilisateur_id()`,
    unique: ['modele, variante'],
    references: { modifie_par: 'utilisateurs' },
    visible: PERMANENT_SEUL,
    writable: ADMINISTRATEUR,
  })
}
