import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** « Identifiants perdus » and « Demande de compte »: what visitors ask, and what staff made of it. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'demandes_de_compte', {
    columns: `
      genre text not null check (genre in ('identifiants-perdus', 'nouveau-compte', 'mise-a-jour')),
      role_souhaite text not null default '' check (role_souhaite in ('', 'adherent', 'cabinet', 'collaborateur')),
      raison_sociale text not null default '',
      numero text not null default '',
      nom text not null,
      prenom text not null,
      courriel text not null,
      message text not null default '',
      demande_le timestamptz not null default clock_timestamp(),
      close_le timestamptz,
      close_par uuid,
      issue text check (issue in ('lien-envoye', 'compte-cree', 'refusee')),
      motif text not null default '',
      verification text not null default '',
      utilisateur_id uuid`,
    references: { close_par: 'utilisateurs', utilisateur_id: 'utilisateurs' },
    constraints: [
      'constraint demandes_de_compte_close check (num_nonnulls(close_le, close_par, issue) in (0, 3))',
      `constraint demandes_de_compte_motif check ((issue = 'refusee') is not true or motif <> '')`,
      `constraint demandes_de_compte_compte
        check ((issue in ('lien-envoye', 'compte-cree')) is not true or utilisateur_id is not null)`,
    ],
    visible: PERMANENT_SEUL,
    indexes: ['close_le desc, id desc'],
  })
  await knex.raw(`
    create index demandes_de_compte_en_attente on demandes_de_compte (organisme_id, demande_le, id)
      where close_le is null;
    -- The same form sent twice is one request.
    create unique index demandes_de_compte_une_fois on demandes_de_compte
      (organisme_id, genre, lower(courriel), lower(numero), md5(nom || prenom || raison_sociale || message))
      where close_le is null;
    -- Anybody may ask; only the staff reads.
    create policy demandes_de_compte_visiteur on demandes_de_compte for insert
      with check (num_nonnulls(close_le, close_par, issue, utilisateur_id) = 0);

    create index utilisateurs_nom on utilisateurs (organisme_id, app.sans_accent(nom));
    create index adherents_courriel on adherents (organisme_id, lower(courriel)) where courriel <> '';
    -- Whom a request may come from: accounts, and adhérents that have none, by number, address or name. The
    -- comparisons are not leakproof and would not use their indexes behind a policy; the caller reads the rows
    -- through his own.
    create function app.demandeurs_possibles(le_numero text, le_courriel text, le_nom text, plafond int)
      returns table (utilisateur_id uuid, adherent_id uuid)
      language sql stable rows 20 security definer set search_path = pg_catalog, public, pg_temp as $$
      with clients as (
        select a.id from public.adherents a
          where a.organisme_id = app.organisme_id() and le_numero <> '' and a.numero = le_numero
        union
        (select a.id from public.adherents a
          where a.organisme_id = app.organisme_id() and a.courriel <> '' and lower(a.courriel) = lower(le_courriel)
          limit plafond)
        union
        (select c.id from app.chercher_adherents(le_nom, plafond) c (id) where le_nom <> '')
      ), comptes as (
        select u.id, u.adherent_id from public.utilisateurs u
          where u.organisme_id = app.organisme_id() and le_numero <> '' and lower(u.login) = lower(le_numero)
        union
        (select u.id, u.adherent_id from public.utilisateurs u
          where u.organisme_id = app.organisme_id() and u.courriel <> '' and lower(u.courriel) = lower(le_courriel)
          limit plafond)
        union
        (select u.id, u.adherent_id from public.utilisateurs u
          where u.organisme_id = app.organisme_id() and app.sans_accent(u.nom) = app.sans_accent(le_nom)
          limit plafond)
        union
        (select u.id, u.adherent_id from public.utilisateurs u
          join public.structures s on s.organisme_id = u.organisme_id and s.id = u.structure_id
          where u.organisme_id = app.organisme_id() and le_numero <> '' and lower(s.numero) = lower(le_numero)
          limit plafond)
        union
        select u.id, u.adherent_id from public.utilisateurs u
          where u.organisme_id = app.organisme_id() and u.adherent_id in (select id from clients)
      )
      select c.id, c.adherent_id from comptes c where app.est_permanent()
      union all
      select null, k.id from clients k
        where app.est_permanent() and not exists (select from comptes c where c.adherent_id = k.id)
      limit plafond
    $$;
  `)
}
