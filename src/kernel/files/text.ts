import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import { beginsAsMarkup } from './markup.ts'

export type TextFault = 'binary' | 'markup'

/** Bytes that Windows-1252 leaves without meaning. */
const UNDEFINED_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])

/**
 * What is wrong with a file as plain text in UTF-8, Latin-1 or Windows-1252 (the French accounting files of
 * LPF A47 A-1 come in ISO 8859-15); undefined when nothing is.
 */
export async function textFault(path: string): Promise<TextFault | undefined> {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isUtf8 = true
  let is1252 = true
  let head = true
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    if (head && beginsAsMarkup(chunk.subarray(0, 512))) return 'markup'
    head = false
    for (const byte of chunk) {
      if (byte < 0x20 && !isLayout(byte)) return 'binary'
      if (byte > 0x80 && UNDEFINED_1252.has(byte)) is1252 = false
    }
    isUtf8 &&= decodes(utf8, chunk)
    if (!isUtf8 && !is1252) return 'binary'
  }
  return (isUtf8 && decodes(utf8)) || is1252 ? undefined : 'binary'
}

/** Tab, line feed, vertical tab, form feed, carriage return, and the end-of-file mark of old DOS programs. */
function isLayout(byte: number): boolean {
  return (byte >= 0x09 && byte <= 0x0d) || byte === 0x1a
}

function decodes(decoder: TextDecoder, chunk?: Buffer): boolean {
  try {
    decoder.decode(chunk, { stream: chunk !== undefined })
    return true
  } catch {
    return false
  }
}
