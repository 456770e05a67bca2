import type { Db } from '../../kernel/db.ts'
import { type Column, inBatches } from '../../kernel/tableur/export.ts'
import type { Question } from './liste.ts'
import { type Client, listClients } from './queries.ts'

export const COLONNES: Column<Client>[] = [
  { titre: 'N° adhérent', valeur: (row) => row.numero },
  { titre: 'Nom ou dénomination', largeur: 34, valeur: (row) => row.denomination },
  { titre: 'Professions', largeur: 30, valeur: (row) => row.professions.join(', ') },
  { titre: 'Ville', largeur: 24, valeur: (row) => row.ville },
  { titre: 'Départ le', genre: 'jour', valeur: (row) => row.perte_qualite_le },
]

/** Rows read at once: memory and the event loop are shared with everybody's pages. */
const BATCH = 2000

/** The list some at a time, for the question of the page and in its order. */
export function clientBatches(db: Db, q: Question): AsyncGenerator<readonly Client[]> {
  return inBatches((last, size) => listClients(db, { ...q, apres: last?.id, avant: undefined }, size), BATCH)
}

/** Every client of the question, in its order. */
export async function allClients(db: Db, q: Question): Promise<Client[]> {
  const all: Client[] = []
  for await (const rows of clientBatches(db, q)) all.push(...rows)
  return all
}
