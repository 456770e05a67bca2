import type { Knex } from 'knex'

/** What the list of adhérents needs to stay fast: its orders, and a search by words in any order. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Numbers are text (« 12 », « 657 », « A12 »): padded, 12 comes before 657.
    alter table adherents add column numero_tri text not null collate "C"
      generated always as (lpad(numero, 20, '0')) stored;
    create index adherents_par_numero on adherents (organisme_id, numero_tri, id);
    create index adherents_par_ville on adherents (organisme_id, ville, recherche, id);

    -- Every word, in any order: « solene carriveau » finds « CARRIVEAU Solène ». The first in the order of the names, so
    -- that the same search gives the same list. Planned at each call for what was typed: a rare word goes through the
    -- trigrams, a common one reads the names in order and stops early.
    create or replace function app.chercher_adherents(mots text, plafond int) returns setof uuid
      language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      declare
        motifs text[];
      begin
        select array_agg('%' || replace(replace(replace(mot, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
            order by length(mot) desc)
          into motifs
          from regexp_split_to_table(left(app.sans_accent(mots), 100), '\\s+') as mot where mot <> '';
        if motifs is null then return; end if;
        return query execute 'select a.id from public.adherents a
            where a.organisme_id = $1 and a.recherche like $2 and a.recherche like all ($3)
            order by a.recherche, a.id limit $4'
          using app.organisme_id(), motifs[1], motifs, plafond;
      end $$;
  `)
}
