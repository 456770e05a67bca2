import { Readable } from 'node:stream'
import { csvLines } from '../../kernel/csv.ts'
import type { Db } from '../../kernel/db.ts'
import { date } from '../../kernel/formats.ts'
import type { Question } from './liste.ts'
import { type Client, listClients } from './queries.ts'

const HEADER = ['N° adhérent', 'Nom ou dénomination', 'Professions', 'Ville', 'Départ le']

/** Rows read at once: memory and the event loop are shared with everybody's pages. */
const BATCH = 2000

/** The whole list as a table, for the question of the page. */
export async function exportClients(db: Db, q: Question): Promise<{ body: Readable; count: number }> {
  const parts = [csvLines([HEADER], true)]
  const rows = await allClients(db, q)
  for (let at = 0; at < rows.length; at += BATCH) {
    parts.push(csvLines(rows.slice(at, at + BATCH).map(cells), false))
  }
  return { body: Readable.from(parts), count: rows.length }
}

/** Every client of the question, in its order. */
export async function allClients(db: Db, q: Question): Promise<Client[]> {
  const all: Client[] = []
  let apres: string | undefined
  for (;;) {
    const rows = await listClients(db, { ...q, apres, avant: undefined }, BATCH)
    all.push(...rows)
    apres = rows.at(-1)?.id
    if (rows.length < BATCH) return all
  }
}

function cells(row: Client): (string | null)[] {
  return [row.numero, row.denomination, row.professions.join(', '), row.ville, date(row.perte_qualite_le)]
}
