import { Refusal, Unavailable } from '../errors.ts'

/**
 * A file or an upload that we do not take. The message is a French sentence for whoever sent it: it names
 * the file, the limit and the remedy. `status` is 413 for what is too big or too many, 400 for a broken
 * request, 422 for the rest.
 */
export class FileRefused extends Refusal {
  override name = 'FileRefused'
  override readonly status: 400 | 413 | 422
  constructor(sentence: string, status: 400 | 413 | 422 = 422, field?: string) {
    super(sentence, field)
    this.status = status
  }
}

/** Disk full, read-only or broken, object store away: nothing was stored; the kernel answers 503. */
export class StorageUnavailable extends Unavailable {
  override name = 'StorageUnavailable'
}

/** A row names an object that the storage does not hold: never normal, always an alarm. */
export class ObjectMissing extends Error {
  override name = 'ObjectMissing'
  readonly key: string
  constructor(key: string) {
    super(`no object under ${key}`)
    this.key = key
  }
}

/** What the system says when a disk, and not our code, is at fault. */
const DISK_FAULTS = new Set([
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EROFS',
  'EACCES',
  'EPERM',
  'ENOTDIR',
  'ENXIO',
  'ENODEV',
  'ESTALE',
  'EMFILE',
  'ENFILE',
])

export function errorCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** The same error, or a StorageUnavailable that carries it when the disk is at fault. */
export function asStorageFault(error: unknown): unknown {
  const code = errorCode(error)
  if (code === undefined || !DISK_FAULTS.has(code)) return error
  return new StorageUnavailable(`file storage: ${code}`, { cause: error })
}
