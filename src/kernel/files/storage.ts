import { fileURLToPath } from 'node:url'
import type { Storage } from './contract.ts'
import { openLocal } from './local.ts'

export type { ByteRange, Storage, StoredObject } from './contract.ts'

/**
 * Opens the storage that the setting names:
 * - `file:///var/lib/parvis/fichiers`: a folder, made when absent;
 * - `s3://key:secret@host:port/bucket?region=fr-par&tls=0`: a bucket that exists; key and secret
 *   percent-encoded, region `us-east-1` and TLS when not said.
 * @throws TypeError on another form, without repeating it, since it may hold a secret.
 * @throws StorageUnavailable when the folder cannot be made. The bucket is first asked by `check()`.
 */
export async function openStorage(url: string): Promise<Storage> {
  if (url.startsWith('file:///')) return openLocal(fileURLToPath(url))
  if (url.startsWith('s3://')) {
    // The SDK costs 170 ms and 25 MB: only for whoever uses it.
    const { openS3 } = await import('./s3.ts')
    return openS3(url)
  }
  throw new TypeError('storage address: file:///folder or s3://key:secret@host:port/bucket')
}
