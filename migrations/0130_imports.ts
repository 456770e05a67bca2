import type { Knex } from 'knex'
import { PERMANENT_SEUL, createScopedTable, filesSeenThroughOwners } from '../src/kernel/schema.ts'

/** Tables of the organisme taken in: the file, what each of its rows would do, and what was done. */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'imports', {
    columns: `
      genre text not null check (genre in ('adherents', 'cabinets', 'collaborateurs', 'affectations', 'exercices')),
      fichier_id uuid not null,
      entetes text[] not null,
      ligne_entete int not null,
      exemples jsonb not null default '[]',
      correspondance jsonb not null default '{}',
      vides_effacent boolean not null default false,
      etat text not null default 'correspondance'
        check (etat in ('correspondance', 'essai', 'pret', 'application', 'applique', 'abandonne')),
      comptes jsonb not null default '{}',
      absents text not null default 'garder' check (absents in ('garder', 'retirer')),
      absents_le date,
      perimees int not null default 0,
      travail_id uuid,
      cree_le timestamptz not null default now(),
      cree_par uuid default app.utilisateur_id(),
      essaye_le timestamptz,
      applique_le timestamptz,
      applique_par uuid,
      abandonne_le timestamptz`,
    references: {
      fichier_id: 'fichiers',
      travail_id: 'travaux',
      cree_par: 'utilisateurs',
      applique_par: 'utilisateurs',
    },
    constraints: [`check ((etat = 'applique') = (applique_le is not null))`],
    visible: PERMANENT_SEUL,
    indexes: ['cree_le desc', 'fichier_id', 'travail_id'],
  })
  await createScopedTable(knex, 'import_lignes', {
    columns: `
      import_id uuid not null,
      ligne int not null,
      etat text not null default 'lue' check (etat in ('lue', 'nouveau', 'modifie', 'inchange', 'absent', 'refuse')),
      cle text not null,
      libelle text not null default '',
      valeurs jsonb not null default '{}',
      avant jsonb not null default '{}',
      champs text[] not null default '{}',
      empreinte text,
      objet_id uuid,
      adherent_id uuid,
      motifs text[] not null default '{}',
      cellules text[] not null default '{}'`,
    references: { import_id: 'imports' },
    unique: ['import_id, ligne'],
    indexes: ['import_id, etat, ligne', 'import_id, cle'],
    visible: PERMANENT_SEUL,
  })
  await createScopedTable(knex, 'import_correspondances', {
    columns: `
      genre text not null,
      empreinte text not null,
      correspondance jsonb not null,
      retenue_le timestamptz not null default now()`,
    unique: ['genre, empreinte'],
    visible: PERMANENT_SEUL,
  })
  await knex.raw(`
    -- An affectation is the business of the firm; the organisme may take over a table of them that the firm gave.
    create policy affectations_import on affectations for insert with check ((select app.est_permanent())
      and jusqu_a is null and affecte_par = (select app.utilisateur_id())
      and exists (select from public.utilisateurs u join public.adherents a on a.organisme_id = u.organisme_id
        where u.organisme_id = affectations.organisme_id and u.id = affectations.utilisateur_id
          and a.id = affectations.adherent_id and a.structure_id = u.structure_id
          and u.role in ('collaborateur', 'superviseur') and u.parti_le is null));
    create policy affectations_import_fin on affectations for update
      using ((select app.est_permanent())) with check ((select app.est_permanent()));
  `)
  await filesSeenThroughOwners(knex)
}
