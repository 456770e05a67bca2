import type { Knex } from 'knex'

/** News written by staff: draft, published, withdrawn, and for which professions. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table actualites
      add column pour_professions text[] not null default '{}',
      add column publiee_le timestamptz,
      add column publiee_par uuid,
      add column retiree_le timestamptz,
      add column retiree_par uuid,
      add column modifie_par uuid default app.utilisateur_id(),
      add column modifie_le timestamptz not null default now(),
      add column revision int not null default 1,
      add check (retiree_le is null or publiee_le is not null),
      add foreign key (organisme_id, publiee_par) references utilisateurs (organisme_id, id),
      add foreign key (organisme_id, retiree_par) references utilisateurs (organisme_id, id),
      add foreign key (organisme_id, modifie_par) references utilisateurs (organisme_id, id);
    -- What was there was shown.
    update actualites set publiee_le = cree_le, publiee_par = auteur_id, modifie_le = cree_le, modifie_par = auteur_id;
    alter table actualites alter column auteur_id set default app.utilisateur_id();
    -- A draft is for staff. The professions of a person are read only when a row asks for some.
    alter policy actualites_visible on actualites using ((select app.est_permanent())
      or (publiee_le is not null and retiree_le is null and (select app.role()) = any (pour_roles)
        and visible_du <= (select app.aujourdhui()) and (visible_au is null or visible_au >= (select app.aujourdhui()))
        and (pour_professions = '{}' or pour_professions && (select app.mes_professions()))));
    revoke delete on actualites from parvis_web;
  `)
}
