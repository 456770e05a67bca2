import { createReadStream } from 'node:fs'
import { TextDecoder } from 'node:util'
import { beginsAsMarkup } from './markup.ts'

export type TextFault = 'binary' | 'markup'

/** Bytes that Windows-1252 leaves without meaning. */
const UNDEFINED_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])

/**
 * What is wrong with a file as plain text in UTF-8, UTF-16 with its mark, Latin-1 or Windows-1252 (the French accounting files of
 * LPF A47 A-1 come in ISO 8859-15); undefined when nothing is.
 */
export async function textFault(path: string): Promise<TextFault | undefined> {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isUtf8 = true
  let is1252 = true
  let head = true
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    const utf16 = head ? UTF16_MARKS[chunk.toString('hex', 0, 2)] : undefined
    if (utf16) return utf16Fault(path, utf16)
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

/** What « Texte Unicode » of a spreadsheet begins with. */
const UTF16_MARKS: Record<string, 'utf-16le' | 'utf-16be'> = { fffe: 'utf-16le', feff: 'utf-16be' }

async function utf16Fault(path: string, encoding: 'utf-16le' | 'utf-16be'): Promise<TextFault | undefined> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  let head = true
  try {
    for await (const chunk of createReadStream(path, {
      highWaterMark: 256 * 1024,
    }) as AsyncIterable<Buffer>) {
      const text = decoder.decode(chunk, { stream: true })
      if (head && beginsAsMarkup(Buffer.from(text.slice(0, 512)))) return 'markup'
      head = false
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at)
        if (code < 0x20 && !isLayout(code)) return 'binary'
      }
    }
    decoder.decode()
    return undefined
  } catch {
    return 'binary'
  }
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
