import type { Knex } from 'knex'
import { PERMANENT_SEUL, TOUS, alsoVisible, createScopedTable } from '../src/kernel/schema.ts'

const ofVisibleFil = (table: string) => `exists (select from public.fils f
  where f.organisme_id = ${table}.organisme_id and f.id = ${table}.fil_id)`
const MOI = '(select app.utilisateur_id())'

/** Dialogue OGA: threads between a person and the organisme, their messages, files, copies and readings. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'destinataires', {
    columns: `
      libelle text not null check (libelle <> ''),
      courriel text not null check (courriel <> ''),
      ordre int not null default 0,
      ferme_le timestamptz`,
    visible: TOUS,
    writable: PERMANENT_SEUL,
    unique: ['libelle'],
  })
  await createScopedTable(knex, 'fils', {
    columns: `
      sujet text not null check (sujet <> ''),
      genre text not null default 'message' check (genre in ('message', 'liste-clients')),
      ouvert_par uuid not null default app.utilisateur_id(),
      expediteur text not null,
      expediteur_nom text not null,
      structure_id uuid default app.structure_id(),
      adherent_id uuid default app.adherent_id(),
      destinataire_id uuid,
      destinataire text not null,
      ouvert_le timestamptz not null default now(),
      ecrit_le timestamptz not null default now(),
      repondu_le timestamptz,
      clos_le timestamptz,
      clos_par uuid`,
    references: {
      ouvert_par: 'utilisateurs',
      structure_id: 'structures',
      adherent_id: 'adherents',
      destinataire_id: 'destinataires',
      clos_par: 'utilisateurs',
    },
    visible: PERMANENT_SEUL,
    writable: PERMANENT_SEUL,
    indexes: [
      'ouvert_par, ouvert_le desc, id desc',
      'structure_id',
      'adherent_id',
      'ouvert_le desc, id desc',
    ],
  })
  await knex.raw(`
    -- Did this person open that thread? A policy of its copies asks, and the thread's own policy asks its copies.
    create function app.mon_fil(fil uuid) returns boolean
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select exists (select from public.fils f where f.organisme_id = app.organisme_id() and f.id = fil
        and f.ouvert_par = app.utilisateur_id())
    $$;
  `)
  await createScopedTable(knex, 'fils_copies', {
    columns: `
      fil_id uuid not null,
      utilisateur_id uuid not null,
      nom text not null,
      ajoute_par uuid not null default app.utilisateur_id()`,
    unique: ['fil_id, utilisateur_id'],
    references: { fil_id: 'fils', utilisateur_id: 'utilisateurs', ajoute_par: 'utilisateurs' },
    visible: `((select app.est_permanent()) or utilisateur_id = ${MOI} or ajoute_par = ${MOI})`,
    // Copies stay inside the firm of whoever writes.
    writable: `ajoute_par = ${MOI} and utilisateur_id <> ${MOI} and exists (select from public.utilisateurs u
      where u.organisme_id = fils_copies.organisme_id and u.id = fils_copies.utilisateur_id
        and u.structure_id = (select app.structure_id()))
      and app.mon_fil(fil_id)`,
    appendOnly: true,
    indexes: ['utilisateur_id'],
  })
  await knex.raw(`
    alter policy fils_visible on fils using ((select app.est_permanent()) or ouvert_par = ${MOI}
      or id in (select c.fil_id from public.fils_copies c where c.utilisateur_id = ${MOI})
      or (genre = 'liste-clients' and structure_id = (select app.structure_id())
        and (select app.role()) in ('cabinet', 'superviseur')));
    alter policy fils_insert on fils with check (ouvert_par = ${MOI} and clos_le is null and repondu_le is null
      and structure_id is not distinct from (select app.structure_id())
      and adherent_id is not distinct from (select app.adherent_id()));
    revoke delete on fils from parvis_web;
    create index fils_a_repondre on fils (organisme_id, ecrit_le, id) where repondu_le is null and clos_le is null;
  `)
  await createScopedTable(knex, 'messages', {
    columns: `
      fil_id uuid not null,
      auteur_id uuid not null default app.utilisateur_id(),
      auteur_nom text not null,
      de_l_organisme boolean not null default app.est_permanent(),
      corps text not null check (corps <> ''),
      le timestamptz not null default clock_timestamp()`,
    references: { fil_id: 'fils', auteur_id: 'utilisateurs' },
    visible: ofVisibleFil('messages'),
    writable: `auteur_id = ${MOI} and de_l_organisme = (select app.est_permanent()) and ${ofVisibleFil('messages')}`,
    appendOnly: true,
    indexes: ['fil_id, le, id'],
  })
  const ofVisibleMessage = `exists (select from public.messages m
    where m.organisme_id = messages_fichiers.organisme_id and m.id = messages_fichiers.message_id)`
  await createScopedTable(knex, 'messages_fichiers', {
    columns: `
      message_id uuid not null,
      fichier_id uuid not null,
      ordre int not null check (ordre > 0)`,
    unique: ['message_id, ordre', 'message_id, fichier_id'],
    references: { message_id: 'messages', fichier_id: 'fichiers' },
    visible: ofVisibleMessage,
    writable: `exists (select from public.messages m where m.organisme_id = messages_fichiers.organisme_id
      and m.id = messages_fichiers.message_id and m.auteur_id = ${MOI})`,
    appendOnly: true,
    indexes: ['fichier_id'],
  })
  await alsoVisible(
    knex,
    'fichiers',
    'messages',
    `exists (select from public.messages_fichiers l
      where l.organisme_id = fichiers.organisme_id and l.fichier_id = fichiers.id)`,
  )
  await createScopedTable(knex, 'fils_lectures', {
    columns: `
      fil_id uuid not null,
      utilisateur_id uuid not null default app.utilisateur_id(),
      lu_le timestamptz not null default clock_timestamp()`,
    unique: ['fil_id, utilisateur_id'],
    references: { fil_id: 'fils', utilisateur_id: 'utilisateurs' },
    visible: `utilisateur_id = ${MOI}`,
    writable: `utilisateur_id = ${MOI} and ${ofVisibleFil('fils_lectures')}`,
  })
  await knex.raw(`
    -- A word from the person puts the thread back before the organisme; one from the organisme answers it.
    create function app.message_ecrit() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        update public.fils f set ecrit_le = new.le,
            repondu_le = case when new.de_l_organisme then new.le end,
            clos_le = case when new.de_l_organisme then f.clos_le end,
            clos_par = case when new.de_l_organisme then f.clos_par end
          where f.organisme_id = new.organisme_id and f.id = new.fil_id;
        return new;
      end $$;
    create trigger messages_ecrits after insert on messages for each row execute function app.message_ecrit();
  `)
}
