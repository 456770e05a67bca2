import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable } from '../src/kernel/schema.ts'

/** Pieces among the questions, the clôture that follows its courriers, and who is working through which answer. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table courrier_questions add column nature text not null default 'question'
      check (nature in ('question', 'piece'));
    alter table reponse_lignes add column sans_objet boolean not null default false;
    alter table reponse_lignes add constraint reponse_lignes_sans_objet_motive check (not sans_objet or texte <> '');
    alter table brouillons add column sans_objet uuid[] not null default '{}';
    create index courriers_cloture on courriers (organisme_id, cloture_id) where cloture_id is not null;

    -- The text of a question is frozen with its courrier, and so is what it is.
    create or replace function app.question_figee() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        q record := case when tg_op = 'DELETE' then old else new end;
      begin
        if exists (select from public.courriers c where c.organisme_id = q.organisme_id and c.id = q.courrier_id
            and c.publie_le is not null)
          and (tg_op <> 'UPDATE' or new.texte <> old.texte or new.ordre <> old.ordre or new.nature <> old.nature
            or new.courrier_id <> old.courrier_id)
        then
          raise exception 'a published question does not change' using errcode = '23514', constraint = 'courriers_fige';
        end if;
        return q;
      end $$;

    -- The track of the questions says what its courriers say: asked, answered to the firm's superviseur, answered, over.
    -- A control that is over stays so: only a person opens it again.
    create function app.suivre_eccv(organisme uuid, cloture uuid) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        avant text;
        apres text;
      begin
        select x.eccv into avant from public.clotures x where x.organisme_id = organisme and x.id = cloture for update;
        if avant is null or avant like 'termine%' then return; end if;
        select case
            when count(*) filter (where c.repondu_le is null and exists (select from public.reponses r
              where r.organisme_id = c.organisme_id and r.courrier_id = c.id
                and r.transmise_le is null and r.rejetee_le is null)) > 0 then 'reponse_a_valider'
            when count(*) filter (where c.repondu_le is null) > 0 then 'questions_posees'
            when count(*) > 0 then 'reponse_recue'
            else 'en_cours' end into apres
          from public.courriers c where c.organisme_id = organisme and c.cloture_id = cloture
            and c.genre = 'questions_eccv' and c.publie_le is not null and c.clos_le is null;
        if apres = avant then return; end if;
        update public.clotures x set eccv = apres where x.organisme_id = organisme and x.id = cloture;
        insert into public.cloture_mouvements (organisme_id, cloture_id, piste, de, vers, utilisateur_id, motif)
          values (organisme, cloture, 'eccv', avant, apres, app.utilisateur_id(), 'Suit les courriers de questions.');
      end $$;
    revoke execute on function app.suivre_eccv from public, parvis_web;
    create function app.courrier_suivi() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.suivre_eccv(new.organisme_id, new.cloture_id);
        return null;
      end $$;
    create trigger courriers_suivis after update of publie_le, repondu_le, clos_le on courriers for each row
      when (new.cloture_id is not null and new.genre = 'questions_eccv' and new.publie_le is not null)
      execute function app.courrier_suivi();
    create function app.reponse_suivie() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.suivre_eccv(c.organisme_id, c.cloture_id) from public.courriers c
          where c.organisme_id = new.organisme_id and c.id = new.courrier_id and c.cloture_id is not null
            and c.genre = 'questions_eccv';
        return null;
      end $$;
    -- At the end of the act: an answer that reaches the organisme at once never waited for a superviseur.
    create constraint trigger reponses_suivies after insert or update of transmise_le, rejetee_le on reponses
      deferrable initially deferred for each row execute function app.reponse_suivie();
  `)

  // A soft claim: it says who is at it, ends by itself, and anybody may take it over.
  await createScopedTable(knex, 'courrier_prises', {
    columns: `
      courrier_id uuid not null,
      utilisateur_id uuid not null,
      nom text not null,
      jusqu_a timestamptz not null`,
    unique: ['courrier_id'],
    references: { courrier_id: 'courriers', utilisateur_id: 'utilisateurs' },
    indexes: ['utilisateur_id'],
    visible: PERMANENT_SEUL,
  })
}
