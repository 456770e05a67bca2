import { stringify } from 'csv-stringify/sync'

/*
 * Tables for spreadsheets, as French ones open them: semicolons, a byte order mark, CRLF, every cell quoted.
 * A cell that a spreadsheet would take for a formula is made a text by an apostrophe before it (ASVS 5.0, 1.2.10).
 */

/** What begins a formula, after the blanks that spreadsheets skip, in plain and full-width forms; or a control. */
// eslint-disable-next-line no-control-regex
const FORMULA = /^[\s\u00a0\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\u0000-\u001f]/

/** Whether a spreadsheet would run this text as a formula. */
export function isFormula(text: string): boolean {
  return FORMULA.test(text)
}

/** The text of a cell, which no spreadsheet runs. A number is none: it comes with a comma, and may be negative. */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value).replace('.', ',')
  return isFormula(value) ? `'${value}` : value
}

/** The lines of a table; the first part of a file has its header, the others go on. */
export function csvLines(
  rows: readonly (readonly (string | number | null | undefined)[])[],
  first: boolean,
): Buffer {
  const cells = rows.map((row) => row.map(csvCell))
  return Buffer.from(
    stringify(cells, {
      delimiter: ';',
      quoted: true,
      quoted_empty: true,
      bom: first,
      record_delimiter: 'windows',
    }),
  )
}
