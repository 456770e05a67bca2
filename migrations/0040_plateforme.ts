import type { Knex } from 'knex'

/** What the operator of the platform may know: that organismes exist, and how much they hold. Never a member's data. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.plateforme_organismes() returns table (id uuid, code text, nom text, nature text, hotes text[],
        cree_le timestamptz, suspendu_le timestamptz, adherents int, utilisateurs int, documents int, octets bigint,
        courriels_en_attente int, courriels_abandonnes int)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select o.id, o.code, o.nom, o.nature,
        (select coalesce(array_agg(h.hote order by h.principal desc, h.hote), '{}') from plateforme.hotes h where h.organisme_id = o.id),
        o.cree_le, o.suspendu_le,
        (select count(*)::int from public.adherents a where a.organisme_id = o.id),
        (select count(*)::int from public.utilisateurs u where u.organisme_id = o.id),
        (select count(*)::int from public.documents d where d.organisme_id = o.id),
        (select coalesce(sum(f.taille), 0)::bigint from public.fichiers f where f.organisme_id = o.id),
        (select count(*)::int from public.courriels c where c.organisme_id = o.id and c.envoye_le is null and c.abandonne_le is null),
        (select count(*)::int from public.courriels c where c.organisme_id = o.id and c.abandonne_le is not null)
      from plateforme.organismes o
      where app.role() = 'operateur' and o.nature <> 'plateforme'
      order by o.nom
    $$;
  `)
}
