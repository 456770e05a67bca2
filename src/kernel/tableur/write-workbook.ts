import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { isFormula } from '../csv.ts'
import { isoDay } from '../formats.ts'
import type { Column } from './export.ts'

/*
 * A workbook of one sheet (SpreadsheetML, ECMA-376), written row by row: its memory does not grow with the list. Texts are
 * typed as texts and nothing is ever written as a formula; what looks like one is also marked as quoted, so that it stays
 * a text when somebody edits the cell.
 */

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** Ranks in `cellXfs`: plain, title, day (as the reader's country writes it), number, quoted text. */
const STYLES = { titre: 1, jour: 2, nombre: 3, cite: 4 }
/** What Excel takes in one cell. */
const MAX_TEXT = 32_767

const parts = (sheet: string): [name: string, xml: string][] => [
  [
    '[Content_Types].xml',
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/workbook.xml',
    `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escapeXml(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  ],
  [
    'xl/styles.xml',
    `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
  ],
]

/**
 * Writes the workbook to a file on disk. `title` names the sheet.
 * @throws what the rows throw: the file is then to be removed
 */
export async function writeWorkbook<Row>(
  path: string,
  title: string,
  columns: readonly Column<Row>[],
  batches: AsyncIterable<readonly Row[]>,
): Promise<void> {
  const zip = new ZipFile()
  for (const [name, xml] of parts(sheetName(title))) zip.addBuffer(Buffer.from(DECLARATION + xml), name)
  const content = Readable.from(sheetXml(columns, batches))
  zip.addReadStream(content, 'xl/worksheets/sheet1.xml', { compressionLevel: 3 })
  zip.end()
  // yazl says nothing to its output when its input fails.
  const failed = once(content, 'error').then(([error]) => Promise.reject(error as Error))
  zip.on('error', () => undefined)
  const written = pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }))
  written.catch(() => undefined)
  await Promise.race([written, failed])
}

/** At most 31 characters, none of those that Excel refuses. */
function sheetName(title: string): string {
  return (
    title
      .replace(/[\\/*?:[\]']/g, ' ')
      .slice(0, 31)
      .trim() || 'Feuille'
  )
}

async function* sheetXml<Row>(
  columns: readonly Column<Row>[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  const last = columnName(columns.length - 1)
  const widths = columns.map(
    (column, at) => `<col min="${at + 1}" max="${at + 1}" width="${widthOf(column)}" customWidth="1"/>`,
  )
  const titles = columns.map((column, at) => textCell(`${columnName(at)}1`, column.titre, STYLES.titre))
  yield `${DECLARATION}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${titles.join('')}</row>`
  let line = 1
  const names = columns.map((_, at) => columnName(at))
  for await (const rows of batches) {
    let xml = ''
    for (const row of rows) {
      line += 1
      xml += `<row r="${line}">`
      for (let at = 0; at < columns.length; at++) xml += cell(`${names[at]}${line}`, columns[at]!, row)
      xml += '</row>'
    }
    yield xml
  }
  yield `</sheetData><autoFilter ref="A1:${last}${line}"/></worksheet>`
}

function widthOf<Row>(column: Column<Row>): number {
  return (
    column.largeur ?? (column.genre === undefined ? Math.max(14, Math.min(40, column.titre.length + 4)) : 14)
  )
}

function cell<Row>(place: string, column: Column<Row>, row: Row): string {
  const value = column.valeur(row)
  if (value === null || value === undefined || value === '') return ''
  if (column.genre === 'jour') {
    const days = serialOf(String(value))
    if (days !== undefined) return `<c r="${place}" s="${STYLES.jour}"><v>${days}</v></c>`
  } else if (column.genre !== undefined) {
    const number = Number(value)
    if (Number.isFinite(number)) {
      const style = column.genre === 'montant' ? ` s="${STYLES.nombre}"` : ''
      return `<c r="${place}"${style}><v>${number}</v></c>`
    }
  }
  const text = String(value)
  return textCell(place, text, isFormula(text) ? STYLES.cite : 0)
}

function textCell(place: string, text: string, style: number): string {
  return `<c r="${place}"${style > 0 ? ` s="${style}"` : ''} t="inlineStr"><is><t xml:space="preserve">${escapeXml(text.slice(0, MAX_TEXT))}</t></is></c>`
}

/** Days since 30 December 1899, right from March 1900 on; of an instant, its day in France. */
function serialOf(day: string): number | undefined {
  const ms = /^\d{4}-\d{2}-\d{2}/.test(day) ? Date.parse(`${isoDay(day)}T00:00:00Z`) : NaN
  const serial = (ms - Date.UTC(1899, 11, 30)) / 86_400_000
  return serial >= 61 ? serial : undefined
}

function columnName(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : columnName(Math.floor(at / 26) - 1) + columnName(at % 26)
}

/** Nothing that XML 1.0 refuses: controls, lone surrogates. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (char) =>
      char === '&' ? '&amp;' : char === '<' ? '&lt;' : char === '>' ? '&gt;' : '&quot;',
    )
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, (char) => (/[\t\n\r]/.test(char) ? char : ''))
}
