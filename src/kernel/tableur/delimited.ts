import { Readable, pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { type Encoding, textOf } from './encoding.ts'
import * as faults from './faults.ts'
import type { SheetRow } from './sheet-xml.ts'

export type Separator = ';' | ',' | '\t' | '|'

/** In the order of preference when the header line has as many of two. */
const SEPARATORS: readonly Separator[] = [';', '\t', '|', ',']
/** A record longer than that comes of a quote that is not closed. */
const MAX_RECORD = 1024 * 1024

/** The separator of a text: the one that the header line has most of, outside quotes; `;` when it has none. */
export async function separatorOf(path: string, encoding: Encoding): Promise<Separator> {
  let head = ''
  for await (const piece of textOf(path, encoding)) {
    head += piece
    if (/\S.*[\r\n]/.test(head) || head.length > 256 * 1024) break
  }
  const line =
    head
      .replace(/^[\s\ufeff]+/, '')
      .replace(/"[^"]*"/g, '')
      .split(/[\r\n]/, 1)[0] ?? ''
  const count = (separator: string) => line.split(separator).length
  return SEPARATORS.reduce((best, one) => (count(one) > count(best) ? one : best))
}

/**
 * The records of a text, read as it comes. Empty lines are records too, so that numbers are those that a spreadsheet shows.
 * @throws FileRefused for a quote that is never closed
 */
export async function* recordsOf(
  path: string,
  encoding: Encoding,
  separator: Separator,
): AsyncGenerator<SheetRow> {
  const parser = parse({
    delimiter: separator,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: MAX_RECORD,
  })
  pipeline(Readable.from(textOf(path, encoding)), parser, () => undefined)
  try {
    let line = 0
    for await (const cells of parser as AsyncIterable<string[]>) {
      line += 1
      yield { line, cells }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw error.code === 'CSV_MAX_RECORD_SIZE' ? faults.recordTooLong() : faults.quoteNotClosed()
  }
}
