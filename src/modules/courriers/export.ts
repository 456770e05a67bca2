import type { Db } from '../../kernel/db.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import { LIBELLES } from './courrier.ts'
import { type Ask, type Ligne, listCourriers } from './liste-queries.ts'

/** The courriers of a member or of a firm, as a table. */
export const COLONNES: Column<Ligne>[] = [
  { titre: 'N° courrier', valeur: (row) => row.numero },
  { titre: 'N° adhérent', valeur: (row) => row.adherent_numero },
  { titre: 'Adhérent', largeur: 34, valeur: (row) => row.adherent_nom },
  { titre: 'Type', largeur: 26, valeur: (row) => LIBELLES[row.genre] },
  { titre: 'Objet', largeur: 50, valeur: (row) => row.objet },
  { titre: 'Reçu le', genre: 'jour', valeur: (row) => row.publie_le },
  { titre: 'Lu le', genre: 'jour', valeur: (row) => row.lu_le },
  { titre: 'À répondre avant le', genre: 'jour', valeur: (row) => row.a_repondre_avant },
  { titre: 'Répondu le', genre: 'jour', valeur: (row) => row.repondu_le },
]

export function courrierBatches(db: Db, ask: Omit<Ask, 'limit'>): AsyncGenerator<readonly Ligne[]> {
  return inBatches((last, size) =>
    listCourriers(db, { ...ask, q: { ...ask.q, apres: last?.id, avant: undefined }, limit: size }),
  )
}
