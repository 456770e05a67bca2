import type { Knex } from 'knex'

/** Requests about the firm itself are made by those who answer for it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create policy modifications_cabinet on modifications as restrictive for insert
      with check (structure_id is null or (select app.role()) <> 'collaborateur');
    create policy modifications_cabinet_suite on modifications as restrictive for update
      using (structure_id is null or (select app.role()) <> 'collaborateur');
    -- An edit is a request: the firm does not write its own row, its options apart.
    create function app.fiche_de_structure_figee() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        libres constant text[] := array['supervision_depuis', 'comptes_depuis', 'portefeuille_partage_depuis'];
      begin
        if app.role() not in ('permanent', 'administrateur', 'systeme', 'aucun')
          and to_jsonb(new) - libres <> to_jsonb(old) - libres then
          raise exception 'a firm asks for changes of its fiche' using errcode = '42501';
        end if;
        return new;
      end $$;
    create trigger structures_figees before update on structures
      for each row execute function app.fiche_de_structure_figee();
  `)
}
