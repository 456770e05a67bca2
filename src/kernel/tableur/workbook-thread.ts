import { parentPort, workerData } from 'node:worker_threads'
import { type Entry, type ZipFile, openPromise } from 'yauzl'
import {
  type SheetRow,
  type Styles,
  attribute,
  dayStyles,
  elements,
  readRow,
  textOfRuns,
} from './sheet-xml.ts'

/*
 * The thread that reads a workbook as it unpacks. A file made to fill the memory kills this thread and nothing else.
 * It answers each message with some rows, or with null after the last one; one batch at a time is in memory.
 */

const BATCH = 500
/** Of the small parts: the list of the sheets, the styles. */
const MAX_PART = 16 * 1024 * 1024

export type ThreadAnswer = { rows: SheetRow[] | null } | { fault: 'unreadable' }

class Workbook {
  private readonly zip: ZipFile
  private readonly entries: Map<string, Entry>

  private constructor(zip: ZipFile, entries: Map<string, Entry>) {
    this.zip = zip
    this.entries = entries
  }

  static async open(path: string): Promise<Workbook> {
    const zip = await openPromise(path, { autoClose: false })
    const entries = new Map<string, Entry>()
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry)
    return new Workbook(zip, entries)
  }

  async *part(name: string): AsyncGenerator<string> {
    const entry = this.entries.get(name.toLowerCase())
    if (!entry) return
    const content = await this.zip.openReadStreamPromise(entry)
    content.setEncoding('utf8')
    for await (const chunk of content as AsyncIterable<string>) yield chunk
  }

  async text(name: string): Promise<string> {
    let text = ''
    for await (const chunk of this.part(name)) {
      text += chunk
      if (text.length > MAX_PART) throw new RangeError('part too long')
    }
    return text
  }

  /** Where the parts that a part speaks of are: type (its last word) or id → name in the archive. */
  async relations(part: string): Promise<Map<string, string>> {
    const folder = part.slice(0, part.lastIndexOf('/') + 1)
    const xml = await this.text(`${folder}_rels/${part.slice(folder.length)}.rels`)
    const found = new Map<string, string>()
    for (const [tag] of xml.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)) {
      const target = attribute(tag, 'Target') ?? ''
      const name = target.startsWith('/')
        ? target.slice(1)
        : new URL(target, `file:///${folder}`).pathname.slice(1)
      const type = (attribute(tag, 'Type') ?? '').split('/').at(-1) ?? ''
      if (!found.has(type)) found.set(type, name)
      found.set(attribute(tag, 'Id') ?? '', name)
    }
    return found
  }
}

/** The rows of the first sheet that is shown. */
async function* rows(path: string): AsyncGenerator<SheetRow> {
  const book = await Workbook.open(path)
  const main = (await book.relations('')).get('officeDocument') ?? 'xl/workbook.xml'
  const [xml, relations] = [await book.text(main), await book.relations(main)]
  const sheets = [...xml.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)].map(([tag]) => tag)
  const first = sheets.find((tag) => !/\sstate="(hidden|veryHidden)"/.test(tag))
  const sheet = relations.get((first && attribute(first, '(?:\\w+:)?id')) ?? '')
  if (sheet === undefined) throw new Error('no sheet')
  const properties = /<(?:\w+:)?workbookPr\s[^>]*>/.exec(xml)?.[0] ?? ''
  const styles: Styles = {
    days: dayStyles(await book.text(relations.get('styles') ?? '')),
    from1904: ['1', 'true'].includes(attribute(properties, 'date1904') ?? ''),
  }
  const shared: string[] = []
  const strings = relations.get('sharedStrings')
  if (strings !== undefined) {
    for await (const item of elements(book.part(strings), 'si')) shared.push(textOfRuns(item))
  }
  let line = 0
  for await (const row of elements(book.part(sheet), 'row')) {
    const read = readRow(row, line, shared, styles)
    line = read.line
    yield read
  }
}

const source = rows(workerData as string)

async function answer(): Promise<ThreadAnswer> {
  const batch: SheetRow[] = []
  try {
    while (batch.length < BATCH) {
      const next = await source.next()
      if (next.done) return { rows: batch.length > 0 ? batch : null }
      batch.push(next.value)
    }
    return { rows: batch }
  } catch {
    return { fault: 'unreadable' }
  }
}

parentPort?.on('message', () => {
  void answer().then((reply) => parentPort?.postMessage(reply))
})
