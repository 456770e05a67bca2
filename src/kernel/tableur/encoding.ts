import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-15'

const CHUNK = 64 * 1024
/** Of Windows-1252, from 0x80 on; a blank where it has nothing. Node 20 decodes it as Latin-1: the euro is lost. */
const CP1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'
/** What Latin-9 (ISO 8859-15) has in place of eight signs of Latin-1. */
const LATIN9: Record<string, string> = {
  '\u00a4': '€', '\u00a6': 'Š', '\u00a8': 'š', '\u00b4': 'Ž', '\u00b8': 'ž', '\u00bc': 'Œ', '\u00bd': 'œ', '\u00be': 'Ÿ',
} // prettier-ignore
const ONLY_LATIN9 = new Set([0xa4, 0xa6, 0xa8, 0xb4, 0xb8, 0xbc, 0xbd, 0xbe])

/**
 * The encoding of a text: by its mark; else UTF-8 when it is valid to its end; else the one byte encoding that its bytes
 * speak for. undefined for what is no text.
 */
export async function encodingOf(path: string): Promise<Encoding | undefined> {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let valid = true
  let windows = false
  let latin9 = false
  let first = true
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    if (first) {
      if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
      if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be'
      const bare = utf16WithoutMark(chunk)
      if (bare) return bare
      first = false
    }
    for (const byte of chunk) {
      if (byte === 0) return undefined
      if (byte >= 0x80 && byte <= 0x9f) windows = true
      else if (ONLY_LATIN9.has(byte)) latin9 = true
    }
    valid &&= decodes(utf8, chunk)
  }
  if (valid && decodes(utf8)) return 'utf-8'
  return latin9 && !windows ? 'iso-8859-15' : 'windows-1252'
}

/** Plain letters of a header have a zero beside each: before it or after it. */
function utf16WithoutMark(chunk: Buffer): Encoding | undefined {
  const sample = chunk.subarray(0, 200)
  if (sample.length < 8) return undefined
  let even = 0
  let odd = 0
  for (const [at, byte] of sample.entries()) {
    if (byte !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  const most = sample.length / 4
  if (odd > most && even === 0) return 'utf-16le'
  return even > most && odd === 0 ? 'utf-16be' : undefined
}

function decodes(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined })
    return true
  } catch {
    return false
  }
}

/** The text of a file, piece by piece, without its mark. */
export async function* textOf(path: string, encoding: Encoding): AsyncGenerator<string> {
  const chunks = createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>
  if (encoding === 'windows-1252' || encoding === 'iso-8859-15') {
    for await (const chunk of chunks) yield oneByte(chunk, encoding)
    return
  }
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

function oneByte(chunk: Buffer, encoding: 'windows-1252' | 'iso-8859-15'): string {
  const text = chunk.toString('latin1')
  return encoding === 'windows-1252'
    ? text.replace(/[\u0080-\u009f]/g, (char) => CP1252[char.charCodeAt(0) - 0x80] ?? ' ')
    : text.replace(/[\u00a4\u00a6\u00a8\u00b4\u00b8\u00bc-\u00be]/g, (char) => LATIN9[char] ?? char)
}
