import { type Route, page } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { genreDe } from './genres.ts'
import { type ImportRow, listImports } from './queries.ts'
import { ETATS, enMots } from './shown.ts'

const COLONNES: Column<ImportRow>[] = [
  { titre: 'Déposé le', genre: 'jour', valeur: (row) => row.cree_le },
  { titre: 'Par', largeur: 24, valeur: (row) => row.cree_par },
  { titre: 'Genre', largeur: 24, valeur: (row) => genreDe(row.genre).titre },
  { titre: 'Fichier', largeur: 40, valeur: (row) => row.fichier.nom },
  { titre: 'État', largeur: 20, valeur: (row) => ETATS[row.etat].libelle },
  { titre: 'Résultat', largeur: 60, valeur: (row) => enMots(genreDe(row.genre), row) },
  { titre: 'Appliqué le', genre: 'jour', valeur: (row) => row.applique_le },
  { titre: 'Par ', largeur: 24, valeur: (row) => row.applique_par },
]
/** The last ones: some twenty years of them. */
const LIGNES = 10_000

/** What was imported, when and by whom. */
export const exportation: Route[] = [
  page('/gestion/imports.:format', {
    can: 'gestion.imports.manage',
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'imports',
        title: 'Imports',
        columns: COLONNES,
        batches: inBatches(() => listImports(ctx.db, LIGNES), Infinity),
        note: { action: 'imports.exportes', objet: 'imports' },
      }),
  }),
]
