import type { Readable } from 'node:stream'
import { Defect } from '../errors.ts'

/** Bytes of an object, both ends included, as in HTTP. */
export interface ByteRange {
  start: number
  end: number
}

export interface StoredObject {
  key: string
  modifiedAt: Date
}

/**
 * Where the bytes of files are kept. A key is `<organisme uuid>/<uuid>`, in lower case; any other shape is
 * a Defect. Every function throws StorageUnavailable when the disk or the store fails.
 */
export interface Storage {
  /**
   * Takes the temporary file over: after the call it is gone, whatever the outcome. Durable when it resolves;
   * when it rejects, nothing is stored under the key. The same key twice: the later file replaces the earlier.
   */
  put(key: string, tempPath: string): Promise<void>
  /** The caller reads the stream to its end or destroys it. Throws ObjectMissing. */
  open(key: string, range?: ByteRange): Promise<Readable>
  /** In bytes. Throws ObjectMissing. */
  size(key: string): Promise<number>
  /** Removing what is not there is no error. */
  remove(key: string): Promise<void>
  /** Every object, or those of one organisme (its uuid). `modifiedAt` is when the object was put. */
  list(organismeId?: string): AsyncIterable<StoredObject>
  /** For /readyz: throws StorageUnavailable when a put would fail. */
  check(): Promise<void>
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const KEY = new RegExp(`^${UUID}/${UUID}$`)
const ID = new RegExp(`^${UUID}$`)

export function isKey(text: string): boolean {
  return KEY.test(text)
}

export function isId(text: string): boolean {
  return ID.test(text)
}

/** @throws Defect so that no text of a user ever becomes a path. */
export function assertKey(key: string): void {
  if (!isKey(key)) throw new Defect('storage key of a wrong shape')
}

/** @throws Defect */
export function assertPrefix(organismeId: string | undefined): void {
  if (organismeId !== undefined && !isId(organismeId)) throw new Defect('storage prefix of a wrong shape')
}

/** @throws Defect */
export function assertRange(range: ByteRange | undefined): void {
  if (!range) return
  const { start, end } = range
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) {
    throw new Defect('storage range of a wrong shape')
  }
}
