import { randomUUID } from 'node:crypto'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import type { ReceivedFile } from '../../kernel/page.ts'
import { openTable } from '../../kernel/tableur/read.ts'
import {
  type Import,
  deletePublished,
  insertImport,
  insertPublished,
  listSame,
  listTables,
  lockImport,
  lockStatistiques,
  markConfirmed,
  upsertReceived,
} from './import-queries.ts'
import { readLines } from './lignes.ts'
import { publish } from './secret.ts'
import { type Publiee, type Recue, keyOf } from './statistique.ts'

/** A line is one poste of one table; a year of a large organisme is some 5,000. */
export const LINES = 10_000
const REFUSED_SHOWN = 500

export interface Bilan {
  nouvelles: number
  changees: number
  inchangees: number
  refusees: number
  /** Figures that the secret will hide from members, over all the tables that the file touches. */
  secretes: number
  non_significatives: number
  diffusables: number
}

/** Reads a file and says what it would change; nothing is changed. @throws Refusal */
export async function tryFile(db: Db, file: ReceivedFile, today: string): Promise<string> {
  const table = await openTable(file.tempPath, file.name, { rows: LINES, columns: 60, cell: 200 })
  const read = await readLines(table, today).finally(() => table.close())
  if (read.lignes.length === 0 && read.refusees.length === 0)
    throw new Refusal('Ce fichier ne contient aucune ligne sous ses titres.', 'fichier')
  const id = randomUUID()
  await insertImport(db, {
    id,
    fichier: file.name,
    sha256: file.sha256,
    lignes: read.lignes,
    refusees: read.refusees.slice(0, REFUSED_SHOWN),
    bilan: { ...(await compare(db, read.lignes)), refusees: read.refusees.length },
  })
  return id
}

/** What the lines are beside what is there. */
async function compare(db: Db, lines: Recue[]): Promise<Omit<Bilan, 'refusees'>> {
  const known = new Map((await listSame(db, lines)).map((row) => [keyOf(row), row]))
  const changees = lines.filter((line) => {
    const row = known.get(keyOf(line))
    return row !== undefined && !same(row, line)
  })
  const nouvelles = lines.filter((line) => !known.has(keyOf(line)))
  const published = await publication(db, lines)
  const count = (diffusion: Publiee['diffusion']) =>
    published.filter((row) => row.diffusion === diffusion).length
  return {
    nouvelles: nouvelles.length,
    changees: changees.length,
    inchangees: lines.length - nouvelles.length - changees.length,
    secretes: count('secret'),
    non_significatives: count('non_significatif'),
    diffusables: count('diffusable'),
  }
}

/** The whole tables that these lines touch, as members would read them. */
async function publication(db: Db, lines: Recue[]): Promise<Publiee[]> {
  const rows = new Map((await listTables(db, lines)).map((row) => [keyOf(row), row]))
  for (const line of lines) rows.set(keyOf(line), line)
  return publish([...rows.values()])
}

const NUMBERS = ['effectif', 'part_max', 'moyenne', 'q1', 'mediane', 'q3'] as const

function same(a: Recue, b: Recue): boolean {
  return NUMBERS.every((name) => a[name] === b[name])
}

/**
 * Takes the lines of a trial, in one transaction, and writes anew what members read of the tables that they touch.
 * @throws Refusal when it is done already, NotFound
 */
export async function confirm(db: Db, id: string): Promise<{ trial: Import; ecrites: number }> {
  await lockStatistiques(db)
  const trial = await lockImport(db, id)
  if (trial.confirme_le !== null)
    throw new Refusal('Cet import est déjà confirmé : rien n’a été importé deux fois.')
  if (trial.lignes.length === 0) throw new Refusal('Ce fichier n’a aucune ligne à importer.')
  const ecrites = await upsertReceived(db, trial.lignes, id)
  if (ecrites > 0) {
    const published = publish(await listTables(db, trial.lignes))
    await deletePublished(db, trial.lignes)
    await insertPublished(db, published)
  }
  await markConfirmed(db, id)
  return { trial, ecrites }
}
