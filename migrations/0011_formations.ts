import type { Knex } from 'knex'
import { ADHERENT_VISIBLE, PERMANENT_SEUL, TOUS, createScopedTable } from '../src/kernel/schema.ts'

/** Training sessions and who is enrolled; a session never holds more people than it has places. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'formations', {
    columns: `
      titre text not null check (titre <> ''),
      resume text not null default '',
      programme text not null default '',
      public_vise text not null default '',
      intervenant text not null default '',
      tarif text not null default '',
      lieu text not null,
      adresse text[] not null default '{}',
      debut timestamptz not null,
      fin timestamptz not null,
      duree_minutes int not null check (duree_minutes > 0),
      places int not null check (places > 0),
      inscrits int not null default 0,
      cree_le timestamptz not null default now()`,
    constraints: [
      'check (fin > debut)',
      'constraint formations_places check (inscrits between 0 and places)',
    ],
    visible: TOUS,
    writable: PERMANENT_SEUL,
    indexes: ['debut, id', 'fin'],
  })
  await createScopedTable(knex, 'inscriptions', {
    columns: `
      formation_id uuid not null,
      adherent_id uuid not null,
      inscrit_par uuid not null default app.utilisateur_id(),
      inscrit_le timestamptz not null default now(),
      annulee_le timestamptz,
      annulee_par uuid`,
    references: {
      formation_id: 'formations',
      adherent_id: 'adherents',
      inscrit_par: 'utilisateurs',
      annulee_par: 'utilisateurs',
    },
    constraints: ['check ((annulee_le is null) = (annulee_par is null))'],
    visible: ADHERENT_VISIBLE,
    writable: '((select app.est_permanent()) or adherent_id = (select app.adherent_id()))',
    indexes: ['adherent_id, formation_id', 'formation_id'],
  })
  await knex.raw(`
    create unique index inscriptions_une on inscriptions (organisme_id, formation_id, adherent_id) where annulee_le is null;
    -- Counts in the row of the session, which two enrolments cannot write at once: the second finds it full.
    create function app.compter_inscription() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        ecart int := 0;
      begin
        if tg_op <> 'DELETE' and new.annulee_le is null then ecart := 1; end if;
        if tg_op <> 'INSERT' and old.annulee_le is null then ecart := ecart - 1; end if;
        if ecart <> 0 then
          update public.formations f set inscrits = f.inscrits + ecart
            where f.organisme_id = coalesce(new.organisme_id, old.organisme_id)
              and f.id = coalesce(new.formation_id, old.formation_id);
        end if;
        return null;
      end $$;
    create trigger inscriptions_compte after insert or delete or update of annulee_le on inscriptions
      for each row execute function app.compter_inscription();
    -- An enrolment is cancelled, never erased.
    revoke delete on inscriptions from parvis_web;
  `)
}
