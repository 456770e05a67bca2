import type { Db } from '../../kernel/db.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import { type EnAttente, listPending } from './queries.ts'

/** What waits for a superviseur, as a table. */
export const COLONNES: Column<EnAttente>[] = [
  { titre: 'N° courrier', valeur: (row) => row.courrier_numero },
  { titre: 'Objet', largeur: 50, valeur: (row) => row.objet },
  { titre: 'Dossier', largeur: 34, valeur: (row) => row.dossier },
  { titre: 'Réponse de', largeur: 28, valeur: (row) => row.auteur_nom },
  { titre: 'Soumise le', genre: 'jour', valeur: (row) => row.soumise_le },
  { titre: 'À répondre avant le', genre: 'jour', valeur: (row) => row.a_repondre_avant },
  { titre: 'Questions', genre: 'nombre', valeur: (row) => row.questions },
  { titre: 'Répondues', genre: 'nombre', valeur: (row) => row.repondues },
]

export function pendingBatches(db: Db): AsyncGenerator<readonly EnAttente[]> {
  return inBatches((last, size) => listPending(db, { apres: last?.id, limit: size }))
}
