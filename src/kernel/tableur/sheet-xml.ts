/*
 * SpreadsheetML (ECMA-376 part 1, chapter 18) read as it comes, without a document in memory. What we read is regular: rows
 * do not nest, and a table needs the texts, the numbers, the days and nothing else. Namespaces may have a prefix.
 */

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Character references of XML, then those of SpreadsheetML (« _x000D_ »). Entities of a DTD are never expanded. */
export function unescapeXml(text: string): string {
  const plain = text.includes('&')
    ? text.replace(
        /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
        (_, hex?: string, dec?: string, name?: string) =>
          name !== undefined
            ? ENTITIES[name.toLowerCase()]!
            : character(hex !== undefined ? parseInt(hex, 16) : Number(dec)),
      )
    : text
  return plain.includes('_x')
    ? plain.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => character(parseInt(hex, 16)))
    : plain
}

function character(code: number): string {
  return code > 0x10ffff ? '' : String.fromCodePoint(code)
}

export function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`[\\s]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return found ? unescapeXml(found[1] ?? found[2] ?? '') : undefined
}

/** The texts of the runs of a string item or of an inline string, without its phonetic reading. */
export function textOfRuns(item: string): string {
  const content = item.includes('rPh') ? item.replace(/<(?:\w+:)?rPh\b.*?<\/(?:\w+:)?rPh>/gs, '') : item
  let text = ''
  for (const [, run] of content.matchAll(/<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<\/(?:\w+:)?t>/g)) text += run
  return unescapeXml(text)
}

/** Nothing of a table is longer than that; a part made of one endless element is no table. */
const MAX_ELEMENT = 2 * 1024 * 1024

/** The elements of one name, whole, one after the other. @throws RangeError beyond 2 Mo for one of them */
export async function* elements(chunks: AsyncIterable<string>, name: 'row' | 'si'): AsyncGenerator<string> {
  const whole = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*?)?(?:/>|>.*?</(?:\\w+:)?${name}>)`, 'gs')
  const opening = new RegExp(`<(?:\\w+:)?${name}[\\s>]`, 'g')
  let rest = ''
  for await (const chunk of chunks) {
    rest += chunk
    if (rest.length > MAX_ELEMENT) throw new RangeError('element too long')
    whole.lastIndex = 0
    let end = 0
    for (let found = whole.exec(rest); found; found = whole.exec(rest)) {
      end = whole.lastIndex
      yield found[0]
    }
    rest = rest.slice(end)
    // What stands before the next beginning, but for a tag that is cut in two, is of no use.
    opening.lastIndex = 0
    const next = opening.exec(rest)
    rest = next ? rest.slice(next.index) : rest.slice(Math.max(0, rest.lastIndexOf('<')))
  }
}

export interface Styles {
  /** Whether the cells of a style are days, by the rank of the style. */
  days: boolean[]
  /** Days count from 1904 in workbooks of old Macs. */
  from1904: boolean
}

/** Formats of days that every workbook has without saying so (18.8.30). */
const BUILT_IN_DAYS = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)

export function dayStyles(xml: string): boolean[] {
  const custom = new Map<number, boolean>()
  for (const [tag] of xml.matchAll(/<(?:\w+:)?numFmt\s[^>]*>/g)) {
    const code = (attribute(tag, 'formatCode') ?? '').replace(/"[^"]*"|\\.|_.|\[[^\]]*\]/g, '')
    custom.set(Number(attribute(tag, 'numFmtId')), /[ymdj]|aaaa/i.test(code) && !/^general$/i.test(code))
  }
  const cells = /<(?:\w+:)?cellXfs\b.*?<\/(?:\w+:)?cellXfs>/s.exec(xml)?.[0] ?? ''
  return [...cells.matchAll(/<(?:\w+:)?xf(?:\s[^>]*)?>/g)].map(([tag]) => {
    const id = Number(attribute(tag, 'numFmtId') ?? 0)
    return custom.get(id) ?? BUILT_IN_DAYS(id)
  })
}

const MAX_COLUMN = 1_000
const CELL = /<(?:\w+:)?c((?:\s[^>]*?)?)(?:\/>|>(.*?)<\/(?:\w+:)?c>)/gs
const VALUE = /<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</

export interface SheetRow {
  line: number
  cells: string[]
}

/** One row: `previous` is the number of the row before, for the writers that give none. */
export function readRow(row: string, previous: number, shared: readonly string[], styles: Styles): SheetRow {
  const opening = row.slice(0, row.indexOf('>') + 1)
  const line = Number(/\sr="(\d+)"/.exec(opening)?.[1] ?? previous + 1)
  const cells: string[] = []
  let column = -1
  for (const [, tag = '', content = ''] of row.slice(opening.length).matchAll(CELL)) {
    const letters = /\sr="([A-Z]{1,3})\d/.exec(tag)?.[1]
    column = letters === undefined ? column + 1 : columnOf(letters)
    if (content === '' || column >= MAX_COLUMN) continue
    const text = cellText(tag, content, shared, styles)
    if (text === '') continue
    while (cells.length < column) cells.push('')
    cells[column] = text
  }
  return { line, cells }
}

function columnOf(letters: string): number {
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

function cellText(tag: string, content: string, shared: readonly string[], styles: Styles): string {
  const type = /\st="(\w+)"/.exec(tag)?.[1] ?? 'n'
  if (type === 'inlineStr') return textOfRuns(content)
  const value = VALUE.exec(content)?.[1] ?? ''
  if (value === '') return ''
  switch (type) {
    case 's':
      return shared[Number(value)] ?? ''
    case 'b':
      return value === '1' || value === 'true' ? 'oui' : 'non'
    case 'n': {
      const style = /\ss="(\d+)"/.exec(tag)?.[1]
      return numberText(
        Number(value),
        style !== undefined && styles.days[Number(style)] === true,
        styles.from1904,
      )
    }
    default:
      return unescapeXml(value)
  }
}

const DAY_MS = 86_400_000

/** A day as AAAA-MM-JJ (and its time); a number with a comma and the fifteen digits that a spreadsheet has. */
function numberText(value: number, isDay: boolean, from1904: boolean): string {
  if (!Number.isFinite(value)) return ''
  if (isDay && value >= 1 && value < 2_958_466) {
    const days = from1904 ? value + 1462 : value < 60 ? value + 1 : value
    const iso = new Date(Math.round((Date.UTC(1899, 11, 30) + days * DAY_MS) / 1000) * 1000).toISOString()
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
  }
  const exact = Number(value.toPrecision(15))
  return String(exact).replace('.', ',')
}
