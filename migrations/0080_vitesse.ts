import type { Knex } from 'knex'
import { filesSeenThroughOwners } from '../src/kernel/schema.ts'

/** What a world of 50,000 adhérents showed: policies that cost the same however many rows there are. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Who sees which adherent, as before. A page of an adherent asks this a dozen times, once for each table: he sees
    -- himself without a table being read, and only the branch of the role is ever planned.
    create or replace function app.adherents_visibles() returns setof uuid
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
      declare
        qui text := app.role();
      begin
        if qui = 'adherent' then
          return next app.adherent_id();
        elsif qui in ('cabinet', 'superviseur') then
          return query select a.id from public.adherents a
            where a.organisme_id = app.organisme_id() and a.structure_id = app.structure_id();
        elsif qui = 'collaborateur' then
          return query select a.id from public.adherents a
            where a.organisme_id = app.organisme_id() and a.structure_id = app.structure_id()
              and (exists (select from public.structures s where s.organisme_id = a.organisme_id
                             and s.id = a.structure_id and s.portefeuille_partage_depuis is not null)
                or exists (select from public.affectations f where f.organisme_id = a.organisme_id
                             and f.adherent_id = a.id and f.utilisateur_id = app.utilisateur_id() and f.jusqu_a is null));
        elsif qui in ('permanent', 'administrateur', 'systeme') then
          return query select a.id from public.adherents a where a.organisme_id = app.organisme_id();
        end if;
      end $$;

    -- « in (select id from documents) » read every document of the organisme to show one: the row is named instead.
    alter policy lectures_visible on lectures using (exists (select from public.documents d
      where d.organisme_id = lectures.organisme_id and d.id = lectures.document_id));
    alter policy lectures_insert on lectures with check (utilisateur_id = (select app.utilisateur_id())
      and exists (select from public.documents d
        where d.organisme_id = lectures.organisme_id and d.id = lectures.document_id));
    alter policy cloture_mouvements_visible on cloture_mouvements using (exists (select from public.clotures c
      where c.organisme_id = cloture_mouvements.organisme_id and c.id = cloture_mouvements.cloture_id));
  `)
  await filesSeenThroughOwners(knex)
}
