import type { Knex } from 'knex'
import { PERMANENT_SEUL, alsoVisible, createScopedTable } from '../src/kernel/schema.ts'

/** Who answers for the list of clients of a firm; collaborateurs do not. */
const SON_CABINET = `(structure_id = (select app.structure_id())
  and (select app.role()) in ('cabinet', 'superviseur'))`

/** The list of clients of a firm: its orders, and the changes that the firm tells its organisme. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index adherents_clients_numero on adherents (organisme_id, structure_id, numero_tri, id);
    create index adherents_clients_nom on adherents (organisme_id, structure_id, recherche, id);
    create index adherents_par_siret on adherents (organisme_id, siret) where siret <> '';

    -- As chercher_adherents, among the clients of the firm: the cap is not used up by the names of other firms.
    create function app.chercher_clients(mots text, plafond int) returns setof uuid
      language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      with motifs as materialized (
        select '%' || replace(replace(replace(mot, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' as motif
        from regexp_split_to_table(left(app.sans_accent(mots), 100), '\\s+') as mot where mot <> ''
      )
      select a.id from public.adherents a
        where a.organisme_id = app.organisme_id() and a.structure_id = app.structure_id()
          and not exists (select from motifs m where a.recherche not like m.motif)
        order by a.recherche, a.id
        limit plafond
    $$;
  `)

  await createScopedTable(knex, 'listes_clients', {
    columns: `
      structure_id uuid not null default app.structure_id(),
      annee int not null check (annee between 2000 and 2999),
      numero int not null check (numero between 1 and 999999),
      recepisse text not null collate "C"
        generated always as ('L-' || annee::text || '-' || lpad(numero::text, 6, '0')) stored,
      envoyee_le timestamptz not null default now(),
      envoyee_par uuid not null default app.utilisateur_id(),
      envoyee_nom text not null,
      fichier_id uuid,
      acceptee_le timestamptz,
      refusee_le timestamptz,
      decide_par uuid,
      motif text not null default ''`,
    unique: ['annee, numero', 'recepisse'],
    references: {
      structure_id: 'structures',
      envoyee_par: 'utilisateurs',
      fichier_id: 'fichiers',
      decide_par: 'utilisateurs',
    },
    constraints: [
      'check (acceptee_le is null or refusee_le is null)',
      'check ((decide_par is null) = (acceptee_le is null and refusee_le is null))',
      `check ((refusee_le is null) = (motif = ''))`,
    ],
    visible: `((select app.est_permanent()) or ${SON_CABINET})`,
    indexes: ['structure_id, envoyee_le desc', 'fichier_id'],
  })
  await createScopedTable(knex, 'mouvements_clients', {
    columns: `
      structure_id uuid not null default app.structure_id(),
      genre text not null check (genre in ('arrivee', 'depart')),
      adherent_id uuid,
      numero text not null default '',
      nom text not null check (nom <> ''),
      siret text not null default '',
      profession text not null default '',
      le date not null,
      raison text not null default '' check (raison in ('', 'cessation', 'changement', 'retraite', 'deces', 'autre')),
      precision text not null default '',
      venant_d_ailleurs boolean not null default false,
      cree_le timestamptz not null default now(),
      cree_par uuid not null default app.utilisateur_id(),
      liste_id uuid,
      traite_le timestamptz`,
    references: {
      structure_id: 'structures',
      adherent_id: 'adherents',
      cree_par: 'utilisateurs',
      liste_id: 'listes_clients',
    },
    constraints: [
      `check (genre = 'arrivee' or (adherent_id is not null and raison <> ''))`,
      `check (genre = 'depart' or siret ~ '^[0-9]{14}$')`,
      'check (traite_le is null or liste_id is not null)',
    ],
    visible: `((select app.est_permanent()) or ${SON_CABINET})`,
    indexes: ['liste_id', 'adherent_id'],
  })
  await alsoVisible(
    knex,
    'fichiers',
    'listes_clients',
    `exists (select from public.listes_clients l
      where l.organisme_id = fichiers.organisme_id and l.fichier_id = fichiers.id)`,
  )
  await knex.raw(`
    -- The same client waits once, in the pending zone or in a list that nobody has decided yet.
    create unique index mouvements_une_arrivee on mouvements_clients (organisme_id, structure_id, siret)
      where genre = 'arrivee' and traite_le is null;
    create unique index mouvements_un_depart on mouvements_clients (organisme_id, structure_id, adherent_id)
      where genre = 'depart' and traite_le is null;
    create index mouvements_en_attente on mouvements_clients (organisme_id, structure_id, genre)
      where liste_id is null;
    create index listes_clients_a_traiter on listes_clients (organisme_id, envoyee_le, id) where decide_par is null;

    -- What was sent stays as it was sent; the firm decides nothing.
    alter policy mouvements_clients_insert on mouvements_clients
      with check (${SON_CABINET} and liste_id is null and traite_le is null);
    alter policy mouvements_clients_update on mouvements_clients
      using ((select app.est_permanent()) or (${SON_CABINET} and liste_id is null))
      with check ((select app.est_permanent()) or (${SON_CABINET} and traite_le is null));
    alter policy mouvements_clients_delete on mouvements_clients using (${SON_CABINET} and liste_id is null);
    alter policy listes_clients_insert on listes_clients with check (${SON_CABINET} and decide_par is null);
    alter policy listes_clients_update on listes_clients using (${PERMANENT_SEUL}) with check (${PERMANENT_SEUL});
    revoke delete on listes_clients from parvis_web;

    -- The next number of the year; the lock is held until the list is committed or given up: no gap, no double.
    create function app.numero_liste_clients(an int) returns int
      language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
      begin
        if app.organisme_id() is null then raise exception 'no organisme in context'; end if;
        perform pg_advisory_xact_lock(hashtextextended('listes_clients:' || app.organisme_id()::text, 0));
        return (select coalesce(max(l.numero), 0) + 1 from public.listes_clients l
          where l.organisme_id = app.organisme_id() and l.annee = an);
      end $$;

    -- What the organisme already knows of the clients that a firm announces, by SIRET or by number: whose they are, in
    -- one word, and never which firm's. The name comes only with what the firm may see, or with the right number and name.
    create function app.clients_connus(sirets text[], numeros text[])
      returns table (adherent_id uuid, siret text, numero text, recherche text, chez text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select a.id, a.siret, a.numero, a.recherche,
        case when a.structure_id = app.structure_id() then case when a.perte_qualite_le <= current_date then 'parti' else 'nous' end
          when a.structure_id is null then 'personne' else 'ailleurs' end
      from public.adherents a
      where app.role() in ('cabinet', 'superviseur') and a.organisme_id = app.organisme_id()
        and ((a.siret <> '' and a.siret = any(sirets)) or a.numero = any(numeros))
    $$;
  `)
}
