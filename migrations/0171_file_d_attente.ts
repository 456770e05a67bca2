import type { Knex } from 'knex'

/** The queue as the operator sees it: which work, of which organisme, how often it was tried. Never what it was given. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.plateforme_file() returns table (en_attente int, en_cours int, en_echec int, garees int, plus_ancienne timestamptz)
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.exiger_operateur();
        return query select
          (count(*) filter (where j.locked_at is null and j.attempts = 0 and j.run_at <= now()))::int,
          (count(*) filter (where j.locked_at is not null))::int,
          (count(*) filter (where j.locked_at is null and j.attempts > 0 and j.attempts < j.max_attempts))::int,
          (count(*) filter (where j.locked_at is null and j.attempts >= j.max_attempts))::int,
          min(j.run_at) filter (where j.locked_at is null and j.attempts < j.max_attempts and j.run_at <= now())
          from graphile_worker.jobs j;
      end $$;

    create function app.plateforme_taches_garees(plafond int) returns table (id bigint, tache text, organisme text,
        essais int, creee_le timestamptz, essayee_le timestamptz)
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
      begin
        perform app.exiger_operateur();
        return query select j.id, t.identifier, o.nom, j.attempts::int, j.created_at, j.updated_at
          from graphile_worker._private_jobs j
          join graphile_worker._private_tasks t on t.id = j.task_id
          left join plateforme.organismes o on o.id::text = j.payload->>'organisme_id'
          where j.attempts >= j.max_attempts and j.locked_at is null
          order by j.updated_at desc, j.id desc limit plafond;
      end $$;

    -- Both give the name of the work, or nothing when it is not there or not parked any more.
    create function app.plateforme_relancer_tache(tache bigint) returns text
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare nom text;
      begin
        perform app.exiger_operateur();
        select t.identifier into nom from graphile_worker._private_jobs j
          join graphile_worker._private_tasks t on t.id = j.task_id
          where j.id = tache and j.attempts >= j.max_attempts and j.locked_at is null for update of j;
        if nom is not null then
          perform graphile_worker.reschedule_jobs(array[tache], run_at => now(), attempts => 0);
        end if;
        return nom;
      end $$;
    create function app.plateforme_abandonner_tache(tache bigint) returns text
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare nom text;
      begin
        perform app.exiger_operateur();
        select t.identifier into nom from graphile_worker._private_jobs j
          join graphile_worker._private_tasks t on t.id = j.task_id
          where j.id = tache and j.attempts >= j.max_attempts and j.locked_at is null for update of j;
        if nom is not null then perform graphile_worker.complete_jobs(array[tache]); end if;
        return nom;
      end $$;
  `)
}
