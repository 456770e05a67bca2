import type { Knex } from 'knex'

/** What the page of the journal reads: each filter in the order of the numbers, and its chain piece by piece. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index journal_action on journal (organisme_id, action, numero desc);
    create index journal_utilisateur on journal (organisme_id, utilisateur_id, numero desc);
    create index journal_adherent on journal (organisme_id, adherent_id, numero desc);
    create index journal_objet on journal (organisme_id, objet_id, numero desc);
    -- Served by the two above, which also give the order.
    drop index journal_organisme_id_adherent_id_idx;
    drop index journal_organisme_id_objet_id_idx;

    -- The first row above « de » and up to « a » that does not follow from the row before; nothing when that piece holds.
    create function app.journal_rupture(de bigint, a bigint) returns table (numero bigint, motif text)
      language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select r.numero, r.motif from (
        select j.numero, case
          when j.numero <> coalesce(lag(j.numero) over w, 0) + 1 then 'numero'
          when j.precedente is distinct from lag(j.empreinte) over w then 'precedente'
          when j.empreinte <> public.digest(coalesce(j.precedente, ''::bytea)
            || convert_to(app.journal_texte(j), 'UTF8'), 'sha256') then 'empreinte' end as motif
        from public.journal j
        where j.organisme_id = app.organisme_id() and app.role() = 'systeme' and j.numero >= de and j.numero <= a
        window w as (order by j.numero)) r
      where r.motif is not null and r.numero > de order by r.numero limit 1
    $$;
  `)
}
