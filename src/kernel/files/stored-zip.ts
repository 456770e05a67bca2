import { PassThrough, type Readable, pipeline } from 'node:stream'
import {
  type Entry,
  RandomAccessReader,
  type ZipFile,
  fromRandomAccessReaderPromise,
  openPromise,
} from 'yauzl'
import type { Storage } from './storage.ts'

/** Read at once around what is asked for, so that a directory of thousands of entries is a few reads of the store. */
const WINDOW_BYTES = 1024 * 1024

export interface ZipEntry {
  /** Path inside the zip. */
  name: string
  /** Unpacked, in bytes. */
  size: number
}

export interface StoredZip {
  /** Files, in the order of the directory; folders and what systems add of their own are left out. */
  entries: readonly ZipEntry[]
  /** The unpacked bytes; checked against the declared size. */
  open(rank: number): Promise<Readable>
  close(): void
}

/** __MACOSX/…, .DS_Store, Thumbs.db, desktop.ini: nobody put these there. */
const ADDED = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/i

/**
 * A zip where it is stored, read by ranges: nothing is copied. It was checked when it was received (archiveFault).
 * @throws StorageUnavailable, ObjectMissing, or what the reader says of a damaged zip
 */
export async function openStoredZip(storage: Storage, key: string): Promise<StoredZip> {
  const size = await storage.size(key)
  const reader = new StorageReader(storage, key, size)
  return entriesOf(await fromRandomAccessReaderPromise(reader, size, { autoClose: false }))
}

/** A zip that has been received, checked and not yet stored. @throws what the reader says of a damaged one */
export async function openReceivedZip(path: string): Promise<StoredZip> {
  return entriesOf(await openPromise(path, { autoClose: false }))
}

async function entriesOf(zip: ZipFile): Promise<StoredZip> {
  zip.on('error', () => undefined)
  const entries: Entry[] = []
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('/') && !ADDED.test(entry.fileName)) entries.push(entry)
  }
  return {
    entries: entries.map((entry) => ({ name: entry.fileName, size: entry.uncompressedSize })),
    open: (rank) => zip.openReadStreamPromise(entries[rank]!),
    close: () => zip.close(),
  }
}

class StorageReader extends RandomAccessReader {
  private readonly storage: Storage
  private readonly key: string
  private readonly size: number
  private window = Buffer.alloc(0)
  private windowStart = 0

  constructor(storage: Storage, key: string, size: number) {
    super()
    this.storage = storage
    this.key = key
    this.size = size
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.fill(position, length).then(
      () => {
        const from = position - this.windowStart
        this.window.copy(buffer, offset, from, from + length)
        callback(null)
      },
      (error: unknown) => callback(error as Error),
    )
  }

  override createReadStream({ start, end }: { start: number; end: number }): Readable {
    if (end <= start) return new PassThrough().end()
    const out = new PassThrough()
    this.storage.open(this.key, { start, end: end - 1 }).then(
      (body) => pipeline(body, out, () => undefined),
      (error: unknown) => out.destroy(error as Error),
    )
    return out
  }

  private async fill(position: number, length: number): Promise<void> {
    const there = position >= this.windowStart && position + length <= this.windowStart + this.window.length
    if (there || length === 0) return
    const end = Math.min(this.size, position + Math.max(length, WINDOW_BYTES))
    const body = await this.storage.open(this.key, { start: position, end: end - 1 })
    this.window = Buffer.concat((await body.toArray()) as Buffer[])
    this.windowStart = position
  }
}
