import { open } from 'node:fs/promises'
import type { Entry, ZipFile } from 'yauzl'
import { openPromise } from 'yauzl'
import { asStorageFault, errorCode } from './errors.ts'

/** `maxBytes`: of all entries together, once unpacked. */
export interface ArchiveLimits {
  maxEntries: number
  maxBytes: number
  /** An archive in the archive: nobody looks into it. Refused only where that is said. */
  nested?: 'refused'
}

export type ArchiveFault =
  'damaged' | 'encrypted' | 'too-many' | 'too-big' | 'unsafe-name' | 'program' | 'macro' | 'nested'

const MAX_RATIO = 100
/** Below it a high ratio is a small file full of spaces, no bomb. */
const RATIO_MATTERS_BYTES = 1024 * 1024
const LOCAL_HEADER_BYTES = 30
/** What may follow the central directory: its end, in zip and zip64, or its signature (APPNOTE 4.3.13-16). */
const AFTER_DIRECTORY = new Set([0x06054b50, 0x06064b50, 0x05054b50])
const PROGRAM =
  /\.(exe|dll|com|scr|pif|msi|msix|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|jar|lnk|reg|chm|cpl|html?|xhtml|mht|svg)$/i
const NESTED = /\.(zip|zipx|7z|rar|tar|tgz|gz|bz2|xz|zst|cab|iso|arj|lzh)$/i
const MACRO = /^xl\/(vbaproject\.bin$|macrosheets\/|activex\/)/i

/**
 * What is wrong with a zip (or xlsx): names, count, sizes as declared, then sizes as they are, because a
 * directory may lie. Unpacks every entry to nowhere and stops at the first byte beyond what was declared.
 * undefined when nothing is wrong.
 */
export async function archiveFault(path: string, limits: ArchiveLimits): Promise<ArchiveFault | undefined> {
  let zip: ZipFile | undefined
  try {
    zip = await openPromise(path, { autoClose: false })
    zip.on('error', () => undefined)
    if (zip.entryCount > limits.maxEntries) return 'too-many'
    const entries: Entry[] = []
    for await (const entry of zip.eachEntry()) entries.push(entry)
    const fault =
      entries.map((entry) => entryFault(entry, limits)).find((one) => one !== undefined) ??
      sizeFault(entries, zip.fileSize, limits) ??
      (await directoryFault(path, endOfDirectory(zip)))
    if (!fault) await readAll(zip, entries)
    return fault
  } catch (error) {
    if (isDiskFault(error)) throw asStorageFault(error)
    return isNameFault(error) ? 'unsafe-name' : 'damaged'
  } finally {
    zip?.close()
  }
}

/** Where the reading stopped, in bytes; @types/yauzl calls this a boolean. */
function endOfDirectory(zip: ZipFile): number {
  return zip.readEntryCursor as unknown as number
}

function entryFault(entry: Entry, limits: ArchiveLimits): ArchiveFault | undefined {
  if (entry.isEncrypted()) return 'encrypted'
  if (!entry.canDecodeFileData()) return 'damaged'
  // A symbolic link: its target could be anywhere once unpacked (Unix mode in the upper half).
  if (((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000) return 'unsafe-name'
  if (limits.nested === 'refused' && NESTED.test(entry.fileName)) return 'nested'
  if (MACRO.test(entry.fileName)) return 'macro'
  if (PROGRAM.test(entry.fileName)) return 'program'
}

function sizeFault(entries: Entry[], fileSize: number, limits: ArchiveLimits): ArchiveFault | undefined {
  let packed = 0
  let unpacked = 0
  for (const { compressedSize, uncompressedSize } of entries) {
    packed += compressedSize + LOCAL_HEADER_BYTES
    unpacked += uncompressedSize
    if (uncompressedSize > RATIO_MATTERS_BYTES && uncompressedSize > compressedSize * MAX_RATIO)
      return 'too-big'
  }
  // Entries that share bytes are how a small file unpacks to a huge one.
  if (packed > fileSize) return 'damaged'
  if (unpacked > limits.maxBytes) return 'too-big'
  if (unpacked > RATIO_MATTERS_BYTES && unpacked > fileSize * MAX_RATIO) return 'too-big'
}

/** Entries beyond the count that the end record gives would escape this check and not another reader's. */
async function directoryFault(path: string, end: number): Promise<ArchiveFault | undefined> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, end)
    if (bytesRead < 4 || !AFTER_DIRECTORY.has(buffer.readUInt32LE(0))) return 'damaged'
  } finally {
    await file.close()
  }
}

/** @throws what yauzl or zlib says of the first entry that differs from its declared size */
async function readAll(zip: ZipFile, entries: Entry[]): Promise<void> {
  for (const entry of entries) {
    if (entry.fileName.endsWith('/')) continue
    const content = await zip.openReadStreamPromise(entry)
    for await (const _ of content);
  }
}

/** The disk's codes begin with E, those of the unpacking with Z. */
function isDiskFault(error: unknown): boolean {
  return errorCode(error)?.startsWith('E') ?? false
}

/** yauzl refuses these names before we see them; see its validateFileName. */
function isNameFault(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(absolute path|invalid relative path|invalid characters in fileName)/.test(error.message)
  )
}
