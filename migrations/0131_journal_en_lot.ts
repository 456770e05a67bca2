import type { Knex } from 'knex'

/** Many rows of the journal at once: the row before is known, it is not looked for each time. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.journaliser_lot(acteur text, action text, objet text, objets uuid[], adherents uuid[],
        details jsonb[], requete text) returns int
      language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
      declare
        ligne public.journal;
        dernier bigint;
        combien constant int := coalesce(cardinality(objets), 0);
      begin
        if app.organisme_id() is null then raise exception 'no organisme in context'; end if;
        perform pg_advisory_xact_lock(hashtextextended('journal:' || app.organisme_id()::text, 0));
        select j.numero, j.empreinte into dernier, ligne.empreinte from public.journal j
          where j.organisme_id = app.organisme_id() order by j.numero desc limit 1;
        ligne.organisme_id := app.organisme_id();
        ligne.numero := coalesce(dernier, 0);
        ligne.utilisateur_id := app.utilisateur_id();
        ligne.acteur := acteur;
        ligne.role := app.role();
        ligne.action := action;
        ligne.objet := objet;
        ligne.requete := requete;
        for i in 1..combien loop
          ligne.id := gen_random_uuid();
          ligne.numero := ligne.numero + 1;
          ligne.le := clock_timestamp();
          ligne.objet_id := objets[i];
          ligne.adherent_id := adherents[i];
          ligne.detail := coalesce(details[i], '{}');
          ligne.precedente := ligne.empreinte;
          ligne.empreinte := public.digest(coalesce(ligne.precedente, ''::bytea)
            || convert_to(app.journal_texte(ligne), 'UTF8'), 'sha256');
          insert into public.journal select ligne.*;
        end loop;
        return combien;
      end $$;
  `)
}
