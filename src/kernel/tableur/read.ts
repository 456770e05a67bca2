import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extensionOf } from '../files/file-name.ts'
import type { Services } from '../services.ts'
import { recordsOf, separatorOf, type Separator } from './delimited.ts'
import { type Encoding, encodingOf } from './encoding.ts'
import * as faults from './faults.ts'
import type { SheetRow } from './sheet-xml.ts'
import { plain } from './values.ts'
import { rowsOf } from './workbook.ts'

/** How much of a table is taken; the header line does not count. */
export interface TableLimits {
  rows: number
  columns: number
  /** Characters of one cell. */
  cell: number
}

export const LIMITS: TableLimits = { rows: 50_000, columns: 100, cell: 2_000 }

export interface TableRow {
  /** As a spreadsheet numbers it: the header line is 1 when nothing stands above it. */
  line: number
  /** As many as the header has; trimmed, blanks of every kind made plain; '' when empty. */
  cells: string[]
}

export interface Table {
  format: 'csv' | 'xlsx'
  encoding?: Encoding
  separator?: Separator
  /** The first line that is not empty. */
  header: TableRow
  /**
   * The rows below the header that hold something, once, in order, read as they are asked for. Leaving the loop early
   * frees everything. @throws FileRefused, a French sentence, beyond a limit or when the file is broken further on
   */
  rows(): AsyncGenerator<TableRow>
  /** Frees what was opened, when `rows` is not read to its end. */
  close(): Promise<void>
}

/**
 * Opens a table in a file on disk. `name` says by its extension which kind it is, and is named in what is refused.
 * Of a workbook the first sheet is read; numbers come as « 1234,5 », days as AAAA-MM-JJ: give the cells to values.ts.
 * @throws FileRefused with a French sentence: no table, empty, protected, unreadable, too many columns…
 */
export async function openTable(path: string, name: string, limits: TableLimits = LIMITS): Promise<Table> {
  const kind = await kindOf(path, name)
  let found: Pick<Table, 'format' | 'encoding' | 'separator'> = { format: kind }
  let source: AsyncGenerator<SheetRow>
  if (kind === 'xlsx') source = rowsOf(path, name)
  else {
    const encoding = await encodingOf(path)
    if (encoding === undefined) throw faults.unreadableText(name)
    const separator = await separatorOf(path, encoding)
    found = { format: kind, encoding, separator }
    source = recordsOf(path, encoding, separator)
  }
  const close = async () => void (await source.return(undefined))
  try {
    for (;;) {
      const next = await source.next()
      if (next.done) throw faults.emptyTable(name)
      const cells = withoutEmptyEnd(next.value.cells.map(plain))
      if (cells.length === 0) continue
      if (cells.length > limits.columns) throw faults.tooManyColumns(limits.columns)
      const header = { line: next.value.line, cells }
      return { ...found, header, rows: () => below(source, header, limits), close }
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function* below(
  source: AsyncGenerator<SheetRow>,
  header: TableRow,
  limits: TableLimits,
): AsyncGenerator<TableRow> {
  let count = 0
  const width = header.cells.length
  for await (const { line, cells: record } of source) {
    const cells: string[] = new Array<string>(width)
    let empty = true
    for (let at = 0; at < width; at++) {
      const cell = plain(record[at] ?? '')
      if (cell.length > limits.cell) throw faults.cellTooLong(line, header.cells[at]!, limits.cell)
      if (cell !== '') empty = false
      cells[at] = cell
    }
    if (empty) continue
    count += 1
    if (count > limits.rows) throw faults.tooManyRows(limits.rows)
    yield { line, cells }
  }
}

function withoutEmptyEnd(cells: string[]): string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)
}

/** By the extension, and by the first bytes: an encrypted workbook is another kind of file. */
async function kindOf(path: string, name: string): Promise<'csv' | 'xlsx'> {
  const extension = extensionOf(name)
  if (extension !== 'xlsx' && extension !== 'csv' && extension !== 'txt') throw faults.notATable(name)
  if ((await stat(path)).size === 0) throw faults.emptyTable(name)
  const file = await open(path, 'r')
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0)
    const head = buffer.readUInt32BE(0)
    if (head === 0xd0cf11e0) throw faults.protectedWorkbook(name)
    const zip = head === 0x504b0304
    if (extension === 'xlsx' && !zip) throw faults.unreadableWorkbook(name)
    // A workbook renamed .csv is still a workbook.
    return zip ? 'xlsx' : 'csv'
  } finally {
    await file.close()
  }
}

/**
 * Opens a table that is stored: its bytes are copied to the temporary folder first. The row came through the policies.
 * `close` (or reading to the end and closing) removes the copy: call it always, in a `finally`.
 */
export async function openStoredTable(
  services: Pick<Services, 'config' | 'storage'>,
  file: { cle: string; nom: string },
  limits: TableLimits = LIMITS,
): Promise<Table> {
  const folder = join(services.config.dataDir, 'temp')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, randomUUID())
  const remove = () => rm(path, { force: true })
  try {
    await pipeline(await services.storage.open(file.cle), createWriteStream(path, { mode: 0o600 }))
    const table = await openTable(path, file.nom, limits)
    return {
      ...table,
      async close() {
        await table.close()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
