import type { Knex } from 'knex'

/** What the list of adhérents needs to stay fast: its orders, and a search by words in any order. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Numbers are text (« 12 », « 657 », « A12 »): padded, 12 comes before 657.
    alter table adherents add column numero_tri text not null collate "C"
      generated always as (lpad(numero, 20, '0')) stored;
    create index adherents_par_numero on adherents (organisme_id, numero_tri, id);
    create index adherents_par_ville on adherents (organisme_id, ville, recherche, id);

    -- Every word, in any order: « solene carriveau » finds « CARRIVEAU Solène ». The longest word goes through the
    -- index, the others filter. The first in the order of the names, so that the same search gives the same list.
    create or replace function app.chercher_adherents(mots text, plafond int) returns setof uuid
      language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      with motifs as materialized (
        select '%' || replace(replace(replace(mot, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%' as motif, length(mot) as n
        from regexp_split_to_table(left(app.sans_accent(mots), 100), '\\s+') as mot where mot <> ''
      )
      select a.id from public.adherents a
        where a.organisme_id = app.organisme_id()
          and a.recherche like (select m.motif from motifs m order by m.n desc limit 1)
          and not exists (select from motifs m where a.recherche not like m.motif)
        order by a.recherche, a.id
        limit plafond
    $$;
  `)
}
