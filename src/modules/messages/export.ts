import type { Db } from '../../kernel/db.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import { etatDe } from './message.ts'
import { type Ligne, listFils } from './queries.ts'

/** The threads of a person, as a table. */
export const COLONNES: Column<Ligne>[] = [
  { titre: 'Sujet', largeur: 50, valeur: (row) => row.sujet },
  { titre: 'De', largeur: 28, valeur: (row) => row.expediteur_nom },
  { titre: 'À', largeur: 28, valeur: (row) => row.destinataire },
  { titre: 'Envoyé le', genre: 'jour', valeur: (row) => row.ouvert_le },
  { titre: 'Répondu le', genre: 'jour', valeur: (row) => row.repondu_le },
  { titre: 'Dernier message le', genre: 'jour', valeur: (row) => row.ecrit_le },
  { titre: 'Pièces jointes', genre: 'nombre', valeur: (row) => row.pieces },
  { titre: 'État', valeur: (row) => etatDe(row).libelle },
]

export function filBatches(db: Db): AsyncGenerator<readonly Ligne[]> {
  return inBatches((last, size) => listFils(db, { apres: last?.id, limit: size }))
}
