import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { fileTypeFromFile } from 'file-type'
import { type ArchiveLimits, archiveFault } from './archive.ts'
import { FileRefused, asStorageFault } from './errors.ts'
import { cleanFileName, extensionOf } from './file-name.ts'
import { dimensions } from './image.ts'
import { holdsMarkup } from './markup.ts'
import { pdfFault } from './pdf.ts'
import * as say from './sentences.ts'
import { textFault } from './text.ts'
import { inTurn } from './turn.ts'

const MO = 1024 * 1024
/** Above, an image of a few kilobytes can fill the memory of whoever shows it. */
const MAX_PIXELS = 40_000_000
const ARCHIVES = {
  xlsx: { maxEntries: 200, maxBytes: 50 * MO },
  zip: { maxEntries: 1_000, maxBytes: 500 * MO },
}

/** The type under which a file is kept and served; the browser's word is never taken. */
const MIMES = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
  csv: 'text/csv',
  txt: 'text/plain',
} as const

export type Extension = keyof typeof MIMES

/** What one use of the portal takes. `maxBytes` is for one file. */
export interface FileRule {
  extensions: readonly Extension[]
  maxBytes: number
  /** Bytes to which a workbook may unpack, when not 50 Mo. */
  maxUnpacked?: number
  /** Bytes of one file of that kind, when not `maxBytes`. */
  maxBytesOf?: Partial<Record<Extension, number>>
  /** What a zip may hold, when not a thousand elements and 500 Mo. */
  zip?: ArchiveLimits
}

export const PIECES_JOINTES: FileRule = { extensions: ['png', 'jpg', 'jpeg', 'gif', 'pdf'], maxBytes: 5 * MO }
/** `txt` is for the accounting entries file (FEC, LPF A47 A-1). */
export const TRANSFERTS: FileRule = {
  extensions: ['pdf', 'png', 'jpg', 'jpeg', 'gif', 'xlsx', 'csv', 'txt', 'zip'],
  maxBytes: 50 * MO,
}
/** Tables: imports, indexes. Fifty thousand rows of twenty columns unpack to some 60 Mo. */
export const TABLEAUX = {
  extensions: ['csv', 'xlsx', 'txt'],
  maxBytes: 30 * MO,
  maxUnpacked: 120 * MO,
} as const satisfies FileRule
/** Accounting entries alone (FEC): text, up to the largest that accounting programs export; as it is, or in a zip. */
export const FEC: FileRule = {
  extensions: ['txt', 'csv', 'zip'],
  maxBytes: 1024 * MO,
  zip: { maxEntries: 20, maxBytes: 1024 * MO, nested: 'refused' },
}
export const DOCUMENTS: FileRule = { extensions: ['pdf'], maxBytes: 20 * MO }
/** A campaign of publication: one zip of PDFs with its index, or PDFs one by one. */
export const CAMPAGNE: FileRule = {
  extensions: ['zip', 'pdf', 'csv', 'xlsx'],
  maxBytes: 1024 * MO,
  maxBytesOf: { pdf: 20 * MO, csv: 30 * MO, xlsx: 30 * MO },
  maxUnpacked: 120 * MO,
  zip: { maxEntries: 25_000, maxBytes: 2048 * MO, nested: 'refused' },
}

export interface InspectedFile {
  name: string
  extension: Extension
  mime: string
  /** In bytes. */
  size: number
  /** Hexadecimal. */
  sha256: string
}

/**
 * Whether a declared name has an extension that the rule takes; the cleaned name and the extension.
 * @throws FileRefused
 */
export function checkName(declaredName: string, rule: FileRule): { name: string; extension: Extension } {
  const name = cleanFileName(declaredName)
  const extension = rule.extensions.find((accepted) => accepted === extensionOf(name))
  if (!extension) throw new FileRefused(say.formatSentence(name, rule.extensions))
  return { name, extension }
}

/**
 * Looks at a received file: extension, size and content must agree with each other and with the rule.
 * The file stays where it is. At most two are looked at at once, so that memory stays bounded.
 * @throws FileRefused with a French sentence; StorageUnavailable when the temporary folder fails
 */
export async function inspectFile(
  tempPath: string,
  declaredName: string,
  rule: FileRule,
): Promise<InspectedFile> {
  const { name, extension } = checkName(declaredName, rule)
  try {
    const { size } = await stat(tempPath)
    if (size === 0) throw new FileRefused(say.emptySentence(name))
    const limit = rule.maxBytesOf?.[extension] ?? rule.maxBytes
    if (size > limit) throw new FileRefused(say.tooBigSentence(name, size, limit), 413)
    return await inTurn(async () => {
      await checkContent(tempPath, name, extension, rule)
      return { name, extension, mime: MIMES[extension], size, sha256: await sha256Of(tempPath) }
    })
  } catch (error) {
    throw asStorageFault(error)
  }
}

async function checkContent(path: string, name: string, extension: Extension, rule: FileRule): Promise<void> {
  switch (extension) {
    case 'pdf':
      return checkPdf(path, name)
    case 'png':
    case 'jpg':
    case 'jpeg':
    case 'gif':
      return checkImage(path, name, extension)
    case 'xlsx':
      return checkArchive(path, name, extension, {
        ...ARCHIVES.xlsx,
        maxBytes: rule.maxUnpacked ?? ARCHIVES.xlsx.maxBytes,
      })
    case 'zip':
      return checkArchive(path, name, extension, rule.zip ?? ARCHIVES.zip)
    case 'csv':
    case 'txt': {
      const fault = await textFault(path)
      if (fault) throw new FileRefused(say.textSentence(name, extension, fault))
    }
  }
}

async function checkPdf(path: string, name: string): Promise<void> {
  const bytes = await readFile(path)
  const fault = await pdfFault(bytes)
  if (fault) throw new FileRefused(say.pdfSentence(name, fault))
  if (await holdsMarkup(bytes)) throw new FileRefused(say.markupSentence(name))
  await checkSniffed(path, name, 'pdf')
}

async function checkImage(path: string, name: string, extension: Extension): Promise<void> {
  const bytes = await readFile(path)
  const size = dimensions(bytes)
  if (!size) throw new FileRefused(say.disguiseSentence(name, extension))
  const { width, height } = size
  if (width * height > MAX_PIXELS) throw new FileRefused(say.pixelsSentence(name, width, height, MAX_PIXELS))
  if (width * height === 0) throw new FileRefused(say.damagedSentence(name))
  if (await holdsMarkup(bytes)) throw new FileRefused(say.markupSentence(name))
  await checkSniffed(path, name, extension)
}

/** The directory is judged first: the sniffing unpacks some entries. */
async function checkArchive(
  path: string,
  name: string,
  extension: 'xlsx' | 'zip',
  limits: ArchiveLimits,
): Promise<void> {
  const head = await headOf(path, 4)
  // The compound file of before 2007, in which a workbook is encrypted.
  if (extension === 'xlsx' && head === '\u00d0\u00cf\u0011\u00e0')
    throw new FileRefused(say.compoundSentence(name))
  if (!head.startsWith('PK')) throw new FileRefused(say.disguiseSentence(name, extension))
  const fault = await archiveFault(path, limits)
  if (fault) throw new FileRefused(say.archiveSentence(name, fault, limits))
  await checkSniffed(path, name, extension)
}

async function checkSniffed(path: string, name: string, extension: Extension): Promise<void> {
  // What the sniffing library cannot read to its end, it throws on.
  const sniffed = await fileTypeFromFile(path).catch(() => undefined)
  if (sniffed?.mime !== MIMES[extension]) throw new FileRefused(say.disguiseSentence(name, extension))
}

async function headOf(path: string, length: number): Promise<string> {
  const head = createReadStream(path, { end: length - 1, encoding: 'latin1' })
  return (await head.toArray()).join('')
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), hash)
  return hash.digest('hex')
}
