import { promisify } from 'node:util'
import { inflate } from 'node:zlib'
import { pacer } from './turn.ts'

/*
 * A PDF is read as bytes, not interpreted (ISO 32000-1, 7.2 to 7.5): header, end, and the names that make a
 * document do something. A name may hide behind #xx escapes (7.3.5) or in a compressed object stream (7.5.7);
 * both are looked into. What hides elsewhere is the antivirus's matter.
 */

export type PdfFault = 'not-pdf' | 'damaged' | 'encrypted' | 'script' | 'launch' | 'attachment'

/** Looked for everywhere: too long to occur by chance in compressed bytes. */
const NAMES = new Map<string, PdfFault>([
  ['JavaScript', 'script'],
  ['Launch', 'launch'],
  ['EmbeddedFile', 'attachment'],
  ['EmbeddedFiles', 'attachment'],
  ['FileAttachment', 'attachment'],
  ['Encrypt', 'encrypted'],
  // Only where a stream of objects is read as one; anywhere else it would go unread.
  ['ObjStm', 'damaged'],
])
/** Not looked for inside streams: four bytes that turn up by chance once in 250 MB would refuse good files. */
const SHORT_NAMES = new Map<string, PdfFault>([...NAMES, ['JS', 'script'], ['EF', 'attachment']])
/** In the dictionary of a stream of objects. */
const OWN_NAMES = new Map([...SHORT_NAMES].filter(([name]) => name !== 'ObjStm'))
const FIRST_LETTERS = new Set([...'JLEFO#'].map((letter) => letter.charCodeAt(0)))

const STREAM = Buffer.from('stream')
const END_OF_STREAM = Buffer.from('endstream')
const SLASH = 0x2f
/** Of the names looked for, with every letter escaped. */
const LONGEST_NAME = 64
const TAIL_BYTES = 2048
const DICTIONARY_BYTES = 4096
/** Object streams hold a few hundred objects each; beyond these sizes somebody is playing with us. */
const OBJECT_STREAM_BYTES = 16 * 1024 * 1024
const OBJECT_STREAMS_BYTES = 128 * 1024 * 1024
/** What is wrong with these bytes as a harmless PDF; undefined when nothing is. */
export async function pdfFault(bytes: Buffer): Promise<PdfFault | undefined> {
  if (bytes.toString('latin1', 0, 5) !== '%PDF-') return 'not-pdf'
  if (!bytes.toString('latin1', Math.max(0, bytes.length - TAIL_BYTES)).includes('%%EOF')) return 'damaged'
  const pace = pacer()
  let unpacked = 0
  for (let at = 0; at < bytes.length;) {
    const start = await streamStart(bytes, at, pace)
    const outside = bytes.subarray(at, start)
    const end = start === bytes.length ? start : endOf(bytes, start)
    const body = bytes.subarray(start, end)
    const own = outside.subarray(start === bytes.length ? outside.length : dictionaryStart(outside))
    const isObjects = unescaped(own.toString('latin1')).includes('/ObjStm')
    const before = isObjects ? outside.subarray(0, outside.length - own.length) : outside
    const fault =
      (await nameFault(before, SHORT_NAMES, pace)) ??
      (await nameFault(own, OWN_NAMES, pace)) ??
      (await nameFault(body, NAMES, pace))
    if (fault) return fault
    if (isObjects) {
      const objects = await objectsIn(own, body)
      unpacked += objects?.length ?? 0
      if (!objects || unpacked > OBJECT_STREAMS_BYTES) return 'damaged'
      const hidden = await nameFault(objects, SHORT_NAMES, pace)
      if (hidden) return hidden
    }
    at = end
  }
}

type Pace = ReturnType<typeof pacer>

/** Where the bytes of the next stream begin: after `>> stream` and its line end (7.3.8). */
async function streamStart(bytes: Buffer, from: number, pace: Pace): Promise<number> {
  for (let at = bytes.indexOf(STREAM, from); at !== -1; at = bytes.indexOf(STREAM, at + 1)) {
    const pause = pace()
    if (pause) await pause
    const after = bytes[at + STREAM.length]
    if (after !== 0x0d && after !== 0x0a) continue
    const before = bytes.toString('latin1', Math.max(from, at - 64), at)
    if (/>>[\s\0]*$/.test(before))
      return at + STREAM.length + (after === 0x0d && bytes[at + 7] === 0x0a ? 2 : 1)
  }
  return bytes.length
}

function endOf(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(END_OF_STREAM, start)
  return end === -1 ? bytes.length : end
}

/** Of the stream that follows: after the last `obj`. */
function dictionaryStart(outside: Buffer): number {
  const from = Math.max(0, outside.length - DICTIONARY_BYTES)
  return from + Math.max(0, outside.toString('latin1', from).lastIndexOf(' obj'))
}

const unpack = promisify(inflate) as (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

/** The text of the objects; undefined when they are packed in a way that no writer in use has. */
async function objectsIn(own: Buffer, body: Buffer): Promise<Buffer | undefined> {
  const text = unescaped(own.toString('latin1'))
  if (!/\/Filter\b/.test(text)) return body
  if (!/\/Filter\s*(\[\s*)?\/FlateDecode\s*(\]|\/|>>)/.test(text) || /\/Predictor\s+(?!1\b)/.test(text))
    return
  return unpack(body, { maxOutputLength: OBJECT_STREAM_BYTES }).catch(() => undefined)
}

/** The first name of the list among the bytes. */
async function nameFault(
  bytes: Buffer,
  names: ReadonlyMap<string, PdfFault>,
  pace: Pace,
): Promise<PdfFault | undefined> {
  for (let at = bytes.indexOf(SLASH); at !== -1; at = bytes.indexOf(SLASH, at + 1)) {
    const pause = pace()
    if (pause) await pause
    const first = bytes[at + 1]
    if (first === undefined || !FIRST_LETTERS.has(first)) continue
    let end = at + 1
    while (end < bytes.length && end - at < LONGEST_NAME && isRegular(bytes[end])) end += 1
    const fault = end - at > 2 && names.get(unescaped(bytes.toString('latin1', at + 1, end)))
    if (fault && !isProse(bytes, at)) return fault
  }
}

/** « HTML/JavaScript » in a title is no name: a name follows a delimiter, a number, a keyword or another name. */
function isProse(bytes: Buffer, slash: number): boolean {
  let start = slash
  while (start > 0 && slash - start < LONGEST_NAME && isRegular(bytes[start - 1])) start -= 1
  if (start === slash || bytes[start - 1] === SLASH) return false
  return !/^([+-]?[\d.]+|R|true|false|null|obj|endobj|stream|endstream|trailer|xref)$/.test(
    bytes.toString('latin1', start, slash),
  )
}

/** Neither white space nor delimiter (7.2.2). */
function isRegular(byte: number | undefined): boolean {
  return byte !== undefined && REGULAR[byte] === 1
}
const REGULAR = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > 0x20 && !'()<>[]{}/%'.includes(String.fromCharCode(byte)) ? 1 : 0,
)

function unescaped(name: string): string {
  if (!name.includes('#')) return name
  return name.replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}
