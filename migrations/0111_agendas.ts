import type { Knex } from 'knex'

/** The secret address of a person's due dates: its hash, and the password of the day that it was made with. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table acces.agendas (
      empreinte bytea primary key,
      organisme_id uuid not null,
      utilisateur_id uuid not null,
      version int not null,
      cree_le timestamptz not null default now(),
      lu_le timestamptz,
      unique (organisme_id, utilisateur_id),
      foreign key (organisme_id, utilisateur_id) references public.utilisateurs (organisme_id, id) on delete cascade
    );
    grant select, insert, update, delete on acces.agendas to parvis_web;
  `)
}
