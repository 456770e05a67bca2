import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/**
 * Questions to visitors about the account that they ask for. They have no log-in: a link of their own, of which the hash
 * is kept, opens the question once.
 */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'precisions_de_compte', {
    columns: `
      demande_id uuid not null,
      question text not null check (question <> ''),
      posee_le timestamptz not null default clock_timestamp(),
      posee_par uuid not null default app.utilisateur_id(),
      empreinte bytea not null,
      expire_le timestamptz not null,
      -- A newer question has taken its place.
      remplacee_le timestamptz,
      reponse text not null default '' check (char_length(reponse) <= 2000),
      repondue_le timestamptz`,
    unique: ['empreinte'],
    references: { posee_par: 'utilisateurs' },
    constraints: [
      `foreign key (organisme_id, demande_id) references public.demandes_de_compte (organisme_id, id) on delete cascade`,
      `check ((repondue_le is not null) = (reponse <> ''))`,
    ],
    visible: PERMANENT_SEUL,
    indexes: ['demande_id, posee_le'],
  })
  await knex.raw(`
    -- The staff asks; the visitor's words are written by the function below and by nothing else.
    revoke insert, update, delete on precisions_de_compte from parvis_web;
    grant insert (id, demande_id, question, empreinte, expire_le), update (remplacee_le) on precisions_de_compte
      to parvis_web;

    -- What the link opens, to whoever has it: the question, and nothing of the request. « libre » takes an answer.
    create function app.precision_de_compte(le_jeton bytea)
      returns table (question text, posee_le timestamptz, expire_le timestamptz, repondue_le timestamptz, etat text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select p.question, p.posee_le, p.expire_le, p.repondue_le,
        case when p.repondue_le is not null then 'repondue' when d.close_le is not null then 'traitee'
          when p.remplacee_le is not null then 'remplacee' when p.expire_le <= now() then 'expiree' else 'libre' end
      from public.precisions_de_compte p
      join public.demandes_de_compte d on d.organisme_id = p.organisme_id and d.id = p.demande_id
      where p.organisme_id = app.organisme_id() and p.empreinte = le_jeton
    $$;
    -- Keeps the answer, once, and puts the request back before the staff. False when the link no longer takes one.
    create function app.repondre_precision_de_compte(le_jeton bytea, le_texte text) returns boolean
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        la_demande public.demandes_de_compte;
      begin
        -- The request first, as whoever decides it does.
        select d.* into la_demande from public.demandes_de_compte d
          where d.organisme_id = app.organisme_id() and d.id = (select p.demande_id
            from public.precisions_de_compte p where p.organisme_id = app.organisme_id() and p.empreinte = le_jeton)
          for update;
        if not found or la_demande.close_le is not null then return false; end if;
        update public.precisions_de_compte p set reponse = le_texte, repondue_le = clock_timestamp()
          where p.organisme_id = app.organisme_id() and p.empreinte = le_jeton
            and p.repondue_le is null and p.remplacee_le is null and p.expire_le > now();
        if not found then return false; end if;
        with precisees as (
          update public.demandes d set etat = 'attente', precision_recue_le = clock_timestamp()
            where d.organisme_id = la_demande.organisme_id and d.genre = 'compte' and d.objet_id = la_demande.id
              and d.etat <> 'traitee' returning d.id)
        insert into public.demande_mouvements (organisme_id, demande_id, par_nom, quoi)
          select la_demande.organisme_id, id, trim(la_demande.prenom || ' ' || la_demande.nom), 'precisee' from precisees;
        return true;
      end $$;

    -- Whoever has answered has waited twice: among what waits, his request stands first.
    alter table demandes add column rang smallint not null
      generated always as (case when etat = 'attente' and precision_recue_le is not null then 0 else 1 end) stored;
    create index demandes_attente on demandes (organisme_id, rang, recue_le, id) where etat = 'attente';
    create index demandes_attente_genre on demandes (organisme_id, genre, rang, recue_le, id) where etat = 'attente';
  `)
}
