import type { Db } from '../../../kernel/db.ts'
import { type Column, inBatches } from '../../../kernel/tableur/export.ts'
import { LIBELLES } from '../courrier.ts'
import { type Ask, type LigneGestion, listGestion } from './liste-queries.ts'

/** The list of courriers of the staff, as a table. */
export const COLONNES: Column<LigneGestion>[] = [
  { titre: 'N° courrier', valeur: (row) => row.numero },
  { titre: 'N° adhérent', valeur: (row) => row.adherent_numero },
  { titre: 'Adhérent', largeur: 34, valeur: (row) => row.adherent_nom },
  { titre: 'N° cabinet', valeur: (row) => row.structure_numero },
  { titre: 'Cabinet', largeur: 34, valeur: (row) => row.structure_nom },
  { titre: 'Destinataire', valeur: (row) => (row.destinataire === 'adherent' ? 'Adhérent' : 'Cabinet') },
  { titre: 'Type', largeur: 26, valeur: (row) => LIBELLES[row.genre] },
  { titre: 'Objet', largeur: 50, valeur: (row) => row.objet },
  { titre: 'Envoyé le', genre: 'jour', valeur: (row) => row.publie_le },
  { titre: 'À répondre avant le', genre: 'jour', valeur: (row) => row.a_repondre_avant },
  { titre: 'Répondu le', genre: 'jour', valeur: (row) => row.repondu_le },
  { titre: 'Clos le', genre: 'jour', valeur: (row) => row.clos_le },
]

export function courrierBatches(db: Db, ask: Ask): AsyncGenerator<readonly LigneGestion[]> {
  return inBatches((last, size) => listGestion(db, { ...ask, apres: last?.id, avant: undefined }, size))
}
