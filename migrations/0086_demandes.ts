import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/*
 * One inbox over everything that people ask of the organisme. The request itself stays with its module; here is what the
 * list sorts, filters and counts by, kept by triggers in the transaction that changes the request. A view over five
 * tables sorted all of them for one page (docs/decisions/0086).
 */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'demandes', {
    columns: `
      genre text not null check (genre in ('coordonnees', 'liste-clients', 'compte', 'message', 'transfert')),
      objet_id uuid not null,
      adherent_id uuid,
      structure_id uuid,
      demandeur_id uuid,
      nom text not null default '',
      numero text not null default '',
      detail text not null default '',
      cherche text not null default '',
      recue_le timestamptz not null,
      etat text not null check (etat in ('attente', 'precision', 'traitee')),
      issue text not null default '',
      close_le timestamptz,
      assignee_id uuid,
      assignee_le timestamptz,
      fil_id uuid,
      precision_recue_le timestamptz`,
    unique: ['genre, objet_id'],
    references: {
      adherent_id: 'adherents',
      structure_id: 'structures',
      demandeur_id: 'utilisateurs',
      assignee_id: 'utilisateurs',
      fil_id: 'fils',
    },
    constraints: [`check ((etat = 'traitee') = (close_le is not null))`],
    visible: PERMANENT_SEUL,
    indexes: [
      'etat, recue_le, id',
      'recue_le, id',
      'etat, genre, recue_le, id',
      'etat, cherche, id',
      'cherche, id',
      'structure_id, etat, recue_le, id',
      'adherent_id',
      'demandeur_id',
      'fil_id',
      'objet_id',
    ],
  })
  await createScopedTable(knex, 'demande_mouvements', {
    columns: `
      demande_id uuid not null,
      le timestamptz not null default clock_timestamp(),
      par uuid,
      par_nom text not null default '',
      quoi text not null check (quoi in ('recue', 'confiee', 'rendue', 'precision', 'precisee', 'traitee')),
      detail text not null default ''`,
    references: { par: 'utilisateurs' },
    constraints: [
      'foreign key (organisme_id, demande_id) references public.demandes (organisme_id, id) on delete cascade',
    ],
    visible: PERMANENT_SEUL,
    appendOnly: true,
    indexes: ['demande_id, le'],
  })
  await createScopedTable(knex, 'demande_regards', {
    columns: `
      demande_id uuid not null,
      utilisateur_id uuid not null default app.utilisateur_id(),
      vu_le timestamptz not null default clock_timestamp()`,
    unique: ['demande_id, utilisateur_id'],
    references: { utilisateur_id: 'utilisateurs' },
    constraints: [
      'foreign key (organisme_id, demande_id) references public.demandes (organisme_id, id) on delete cascade',
    ],
    visible: PERMANENT_SEUL,
    writable: `(select app.est_permanent()) and utilisateur_id = (select app.utilisateur_id())`,
  })
  await knex.raw(`
    create index demandes_cherche_trgm on demandes using gin (cherche gin_trgm_ops);
    -- As chercher_adherents: the comparisons are not leakproof and would not use the index behind a policy.
    create function app.chercher_demandes(mots text, plafond int) returns setof uuid
      language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      declare
        motifs text[];
      begin
        select array_agg('%' || replace(replace(replace(mot, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
            order by length(mot) desc)
          into motifs
          from regexp_split_to_table(left(app.sans_accent(mots), 100), '\\s+') as mot where mot <> '';
        if motifs is null or not app.est_permanent() then return; end if;
        return query execute 'select d.id from public.demandes d
            where d.organisme_id = $1 and d.cherche like $2 and d.cherche like all ($3)
            order by d.recue_le desc, d.id limit $4'
          using app.organisme_id(), motifs[1], motifs, plafond;
      end $$;
    create index demandes_a_qui on demandes (organisme_id, assignee_id, recue_le, id) where etat <> 'traitee';
    -- Requests come and go with their own table; here the web process only says who is on them.
    revoke insert, delete on demandes from parvis_web;

    -- A precision is asked in a thread of the person, who answers where he reads the organisme's other words.
    alter table fils drop constraint fils_genre_check;
    alter table fils add constraint fils_genre_check check (genre in ('message', 'liste-clients', 'precision'));
    create policy fils_precision on fils for insert with check ((select app.est_permanent()) and genre = 'precision');

    create function app.demande_tenue(organisme uuid, le_genre text, objet uuid, client uuid, cabinet uuid, qui uuid,
        le_nom text, le_numero text, le_detail text, le timestamptz, fin timestamptz, suite text) returns void
      -- Planned each time: a plan made while the table was small would read all of it for every row of an import.
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp
      set plan_cache_mode = force_custom_plan as $$
      declare
        la_demande uuid;
        avant text;
      begin
        insert into public.demandes (organisme_id, genre, objet_id, adherent_id, structure_id, demandeur_id, nom, numero,
            detail, cherche, recue_le, etat, issue, close_le)
          values (organisme, le_genre, objet, client, cabinet, qui, le_nom, le_numero, le_detail,
            app.sans_accent(concat_ws(' ', le_nom, le_numero, le_detail)), le,
            case when fin is null then 'attente' else 'traitee' end, suite, fin)
          on conflict do nothing returning id into la_demande;
        if la_demande is not null then
          insert into public.demande_mouvements (organisme_id, demande_id, le, quoi) values (organisme, la_demande, le, 'recue');
          if fin is null then return; end if;
        else
          select d.id, d.etat into la_demande, avant from public.demandes d
            where d.organisme_id = organisme and d.genre = le_genre and d.objet_id = objet for update;
          update public.demandes d set
              etat = case when fin is not null then 'traitee' when d.etat = 'precision' then 'precision' else 'attente' end,
              issue = suite, close_le = fin, recue_le = le
            where d.organisme_id = organisme and d.id = la_demande;
          if avant <> 'traitee' and fin is null then return; end if;
          if avant = 'traitee' and fin is not null then return; end if;
        end if;
        insert into public.demande_mouvements (organisme_id, demande_id, le, par, par_nom, quoi, detail)
          values (organisme, la_demande, coalesce(fin, le), app.utilisateur_id(),
            coalesce((select trim(u.prenom || ' ' || u.nom) from public.utilisateurs u
              where u.organisme_id = organisme and u.id = app.utilisateur_id()), ''),
            case when fin is null then 'recue' else 'traitee' end, case when fin is null then '' else suite end);
      end $$;

    create function app.demande_oubliee() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        delete from public.demandes d where d.organisme_id = old.organisme_id and d.objet_id = old.id
          and d.genre = tg_argv[0];
        return null;
      end $$;

    create function app.demande_coordonnees() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.demande_tenue(new.organisme_id, 'coordonnees', new.id, new.adherent_id,
            coalesce(new.structure_id, a.structure_id), new.demande_par, coalesce(a.denomination, s.nom),
            coalesce(a.numero, s.numero), new.zone, new.demande_le, new.close_le, coalesce(new.issue, ''))
          from (select 1) un
          left join public.adherents a on a.organisme_id = new.organisme_id and a.id = new.adherent_id
          left join public.structures s on s.organisme_id = new.organisme_id and s.id = new.structure_id;
        return null;
      end $$;
    create trigger modifications_demandes after insert or update on modifications
      for each row execute function app.demande_coordonnees();
    create trigger modifications_oubliees after delete on modifications
      for each row execute function app.demande_oubliee('coordonnees');

    create function app.demande_liste() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.demande_tenue(new.organisme_id, 'liste-clients', new.id, null, new.structure_id, new.envoyee_par, s.nom,
            s.numero, new.recepisse, new.envoyee_le, coalesce(new.acceptee_le, new.refusee_le),
            case when new.acceptee_le is not null then 'acceptee' when new.refusee_le is not null then 'refusee' else '' end)
          from public.structures s where s.organisme_id = new.organisme_id and s.id = new.structure_id;
        return null;
      end $$;
    create trigger listes_clients_demandes after insert or update on listes_clients
      for each row execute function app.demande_liste();
    create trigger listes_clients_oubliees after delete on listes_clients
      for each row execute function app.demande_oubliee('liste-clients');

    create function app.demande_compte() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.demande_tenue(new.organisme_id, 'compte', new.id, null, null, null,
          trim(new.prenom || ' ' || new.nom || case when new.raison_sociale = '' then '' else ', ' || new.raison_sociale end),
          new.numero, new.genre, new.demande_le, new.close_le, coalesce(new.issue, ''));
        return null;
      end $$;
    create trigger demandes_de_compte_demandes after insert or update on demandes_de_compte
      for each row execute function app.demande_compte();
    create trigger demandes_de_compte_oubliees after delete on demandes_de_compte
      for each row execute function app.demande_oubliee('compte');

    create function app.demande_transfert() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.demande_tenue(new.organisme_id, 'transfert', new.id, new.adherent_id, a.structure_id, new.depose_par,
            a.denomination, a.numero, new.accuse || ' ' || new.genre, new.depose_le,
            coalesce(new.pris_en_compte_le, new.refuse_le),
            case when new.pris_en_compte_le is not null then 'pris_en_compte' when new.refuse_le is not null then 'refuse'
              else '' end)
          from public.adherents a where a.organisme_id = new.organisme_id and a.id = new.adherent_id;
        return null;
      end $$;
    create trigger transferts_demandes after insert or update on transferts
      for each row execute function app.demande_transfert();
    create trigger transferts_oublies after delete on transferts
      for each row execute function app.demande_oubliee('transfert');

    -- A list of clients has a thread of its own, which is a request only once somebody has written more in it.
    create function app.demande_message() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if new.genre = 'precision' then
          if tg_op = 'UPDATE' and old.repondu_le is not null and new.repondu_le is null then
            with precisees as (
              update public.demandes d set etat = 'attente', precision_recue_le = new.ecrit_le
                where d.organisme_id = new.organisme_id and d.fil_id = new.id and d.etat = 'precision' returning d.id)
            insert into public.demande_mouvements (organisme_id, demande_id, par, par_nom, quoi)
              select new.organisme_id, id, app.utilisateur_id(), new.expediteur_nom, 'precisee' from precisees;
          end if;
          return null;
        end if;
        if new.genre = 'liste-clients' and new.ecrit_le < new.ouvert_le + interval '1 minute' then return null; end if;
        perform app.demande_tenue(new.organisme_id, 'message', new.id, new.adherent_id,
            coalesce(new.structure_id, a.structure_id), new.ouvert_par,
            coalesce(a.denomination, s.nom, new.expediteur_nom), coalesce(a.numero, s.numero, ''), new.sujet, new.ecrit_le,
            coalesce(new.clos_le, new.repondu_le),
            case when new.clos_le is not null then 'clos' when new.repondu_le is not null then 'repondu' else '' end)
          from (select 1) un
          left join public.adherents a on a.organisme_id = new.organisme_id and a.id = new.adherent_id
          left join public.structures s on s.organisme_id = new.organisme_id and s.id = new.structure_id;
        return null;
      end $$;
    create trigger fils_demandes after insert or update on fils for each row execute function app.demande_message();
    create trigger fils_oublies after delete on fils for each row execute function app.demande_oubliee('message');
  `)
}
