import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { csvLines } from '../csv.ts'
import { Refusal } from '../errors.ts'
import { date, nombre } from '../formats.ts'
import { type Ctx, type JournalNote, type Reply, stream } from '../page.ts'
import { writeWorkbook } from './write-workbook.ts'

/** One column of a list that leaves: its title, and what a row says in it. */
export interface Column<Row> {
  titre: string
  /** A text when not said; `jour` takes AAAA-MM-JJ or an instant, shown as its day in France, `nombre` and `montant` a number. */
  genre?: 'jour' | 'nombre' | 'montant'
  /** In characters, for workbooks. */
  largeur?: number
  valeur: (row: Row) => string | number | null | undefined
}

export interface TableExport<Row> {
  /** Of the file, without extension; the day is added: « adherents » → adherents-2026-11-22.xlsx. */
  name: string
  /** Of the sheet. */
  title: string
  columns: readonly Column<Row>[]
  /** The rows of the list with the filters and the order of the page, some at a time: see `inBatches`. */
  batches: AsyncIterable<readonly Row[]>
  /** What the journal keeps: the action, and the filters that were asked. The number of rows is added. */
  note: JournalNote & { action: string }
}

/** The words of the parameter of an export's address: `/gestion/adherents.:format`. */
export const FORMATS = { format: ['csv', 'xlsx'] }

const MIME = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
/** Beyond, a list is for nobody's spreadsheet, and its reading for nobody's patience. */
const MAX_ROWS = 100_000

/**
 * A list as a file, CSV or XLSX as the address says. It is read inside the transaction to a temporary file and sent after
 * it: memory does not grow with the list, and a slow client keeps no connection of the database. One row of the journal.
 * @throws Refusal beyond 100,000 rows
 */
export async function exportTable<Row>(
  ctx: Pick<Ctx, 'params' | 'services' | 'today' | 'note'>,
  table: TableExport<Row>,
): Promise<Reply> {
  const format = ctx.params.format === 'xlsx' ? 'xlsx' : 'csv'
  const folder = join(ctx.services.config.dataDir, 'temp')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, randomUUID())
  const counted = { rows: 0 }
  try {
    const batches = counting(table.batches, counted)
    if (format === 'xlsx') await writeWorkbook(path, table.title, table.columns, batches)
    else
      await pipeline(
        Readable.from(csvParts(table.columns, batches)),
        createWriteStream(path, { mode: 0o600 }),
      )
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  ctx.note({ ...table.note, detail: { format, lignes: counted.rows, ...table.note.detail } })
  const body = createReadStream(path)
  // On a system that lets go of an open file only when it is closed, the name may go at once.
  body.once('open', () => void rm(path, { force: true }))
  return stream(body, MIME[format], `${table.name}-${ctx.today}.${format}`)
}

async function* counting<Row>(batches: AsyncIterable<readonly Row[]>, counted: { rows: number }) {
  for await (const rows of batches) {
    counted.rows += rows.length
    if (counted.rows > MAX_ROWS) {
      throw new Refusal(
        `Cette liste dépasse ${nombre(MAX_ROWS)} lignes\u00a0: filtrez-la pour l’exporter en plusieurs fois.`,
      )
    }
    yield rows
  }
}

async function* csvParts<Row>(columns: readonly Column<Row>[], batches: AsyncIterable<readonly Row[]>) {
  yield csvLines([columns.map((column) => column.titre)], true)
  for await (const rows of batches) {
    if (rows.length > 0)
      yield csvLines(
        rows.map((row) => columns.map((column) => csvValue(column, row))),
        false,
      )
  }
}

function csvValue<Row>(column: Column<Row>, row: Row): string | number | null | undefined {
  const value = column.valeur(row)
  if (column.genre === undefined || value === null || value === undefined || value === '') return value
  if (column.genre === 'jour') return date(String(value))
  return Number.isFinite(Number(value)) ? Number(value) : value
}

/**
 * The rows of a list read by keyset, some at a time: `read` gives at most `size` rows after `last` (undefined at first).
 */
export async function* inBatches<Row>(
  read: (last: Row | undefined, size: number) => Promise<readonly Row[]>,
  size = 1000,
): AsyncGenerator<readonly Row[]> {
  let last: Row | undefined
  for (;;) {
    const rows = await read(last, size)
    if (rows.length > 0) yield rows
    last = rows.at(-1)
    if (rows.length < size || last === undefined) return
  }
}
