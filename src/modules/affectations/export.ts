import type { Db } from '../../kernel/db.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import type { Recherche } from './liste.ts'
import { type Dossier, listDossiers } from './queries.ts'

/** The dossiers of a firm and who has them, as a table. */
export const COLONNES: Column<Dossier>[] = [
  { titre: 'N° adhérent', valeur: (row) => row.numero },
  { titre: 'Nom ou dénomination', largeur: 34, valeur: (row) => row.denomination },
  { titre: 'Professions', largeur: 30, valeur: (row) => row.professions.join(', ') },
  { titre: 'Commune', largeur: 24, valeur: (row) => row.ville },
  { titre: 'Collaborateur', largeur: 28, valeur: (row) => row.collaborateur },
  { titre: 'Depuis le', genre: 'jour', valeur: (row) => row.depuis },
]

export function dossierBatches(db: Db, q: Recherche): AsyncGenerator<readonly Dossier[]> {
  return inBatches((last, size) => listDossiers(db, { ...q, apres: last?.id, avant: undefined }, size))
}
