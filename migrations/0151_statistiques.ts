import type { Knex } from 'knex'
import { PERMANENT_SEUL, TOUS, createScopedTable } from '../src/kernel/schema.ts'

const CLE = `
      profession text not null check (profession <> ''),
      categorie text not null check (categorie in ('BNC', 'BIC', 'BA', 'IS')),
      annee int not null check (annee between 1990 and 2100),
      -- Empty: the whole country.
      region text not null default '',
      -- Band of turnover; empty: all of them.
      tranche text not null default '',
      poste text not null,
      effectif int not null check (effectif >= 0),
      moyenne numeric,
      q1 numeric,
      mediane numeric,
      q3 numeric`
const UNIQUE = 'profession, categorie, annee, region, tranche, poste'

/**
 * Statistics by profession (F63). What came in files stays with staff; members and cabinets read another table, in which
 * the figures that the statistical secret hides do not exist.
 */
export async function up(knex: Knex): Promise<void> {
  await createScopedTable(knex, 'statistiques_imports', {
    columns: `
      fichier text not null,
      sha256 text not null,
      lignes jsonb not null,
      refusees jsonb not null default '[]',
      bilan jsonb not null,
      cree_par uuid not null default app.utilisateur_id(),
      cree_le timestamptz not null default now(),
      confirme_par uuid,
      confirme_le timestamptz`,
    references: { cree_par: 'utilisateurs', confirme_par: 'utilisateurs' },
    constraints: ['check ((confirme_le is null) = (confirme_par is null))'],
    visible: PERMANENT_SEUL,
    indexes: ['cree_le desc'],
  })
  await createScopedTable(knex, 'statistiques_recues', {
    columns: `${CLE},
      -- Percents of the total that the largest business holds.
      part_max numeric,
      import_id uuid not null,
      modifie_le timestamptz not null default now()`,
    unique: [UNIQUE],
    references: { import_id: 'statistiques_imports' },
    visible: PERMANENT_SEUL,
    indexes: ['annee, profession'],
  })
  await createScopedTable(knex, 'statistiques_publiees', {
    columns: `${CLE},
      diffusion text not null check (diffusion in ('secret', 'non_significatif', 'diffusable'))`,
    unique: [UNIQUE],
    constraints: [
      `constraint statistiques_secret check (diffusion = 'diffusable'
        or (moyenne is null and q1 is null and mediane is null and q3 is null))`,
    ],
    visible: TOUS,
    writable: PERMANENT_SEUL,
    indexes: ['annee, profession'],
  })
}
