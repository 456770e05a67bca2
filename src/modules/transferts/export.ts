import type { Db } from '../../kernel/db.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import { type StaffQuestion, type TransfertLigne, listTransferts } from './gestion-queries.ts'
import { GENRES, pastille } from './transfert.ts'

/** What members have sent, as a table. */
export const COLONNES: Column<TransfertLigne>[] = [
  { titre: 'Accusé', largeur: 16, valeur: (row) => row.accuse },
  { titre: 'N° adhérent', valeur: (row) => row.adherent_numero },
  { titre: 'Adhérent', largeur: 34, valeur: (row) => row.adherent_nom },
  { titre: 'Type', largeur: 34, valeur: (row) => GENRES[row.genre] },
  { titre: 'Déposé le', genre: 'jour', valeur: (row) => row.depose_le },
  { titre: 'Fichiers', genre: 'nombre', valeur: (row) => row.fichiers.length },
  { titre: 'État', valeur: (row) => pastille(row).libelle },
  { titre: 'Pris en compte le', genre: 'jour', valeur: (row) => row.pris_en_compte_le },
  { titre: 'Refusé le', genre: 'jour', valeur: (row) => row.refuse_le },
  { titre: 'Motif du refus', largeur: 40, valeur: (row) => row.motif },
]

export function transfertBatches(
  db: Db,
  q: Omit<StaffQuestion, 'limit'>,
): AsyncGenerator<readonly TransfertLigne[]> {
  return inBatches((last, size) =>
    listTransferts(db, { ...q, apres: last?.accuse, avant: undefined, limit: size }),
  )
}
