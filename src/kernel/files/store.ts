import { createHash, randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db.ts'
import { Refusal } from '../errors.ts'
import { date } from '../formats.ts'
import { queueJob } from '../jobs.ts'
import type { ReceivedFile } from '../page.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'

interface Doer {
  db: Db
  services: Services
  organisme: { id: string }
  user?: { id: string } | null
}

/**
 * Keeps a received and checked file: bytes first, then the row, in the transaction of the act. When the act fails
 * afterwards the object has no row, and the nightly sweep removes it.
 * @returns the id of its row in `fichiers`.
 * @throws StorageUnavailable
 */
export async function storeFile(doer: Doer, received: ReceivedFile): Promise<string> {
  const key = `${doer.organisme.id}/${randomUUID()}`
  await doer.services.storage.put(key, received.tempPath)
  const scanned = doer.services.config.clamdUrl !== undefined
  const { id } = await doer.db.one<{ id: string }>(sql`
    insert into fichiers (cle, nom, mime, taille, sha256, depose_par, antivirus)
    values (${key}, ${received.name}, ${received.mime}, ${received.size}, ${received.sha256}, ${doer.user?.id ?? null},
      ${scanned ? 'en_attente' : 'sans_objet'}) returning id`)
  if (scanned) await queueJob(doer.db, 'fichiers.analyser', { id }, { key: `analyse:${id}`, maxAttempts: 25 })
  return id
}

/** Bytes that are in the storage and have no row yet. */
export interface StoredBytes {
  key: string
  name: string
  mime: string
  size: number
  sha256: string
}

/** Bytes first, outside any transaction: without `insertFiles` afterwards the nightly sweep removes them. */
export async function putBytes(
  doer: Pick<Doer, 'services' | 'organisme'>,
  file: Omit<StoredBytes, 'key'> & { tempPath: string },
): Promise<StoredBytes> {
  const { tempPath, ...about } = file
  const key = `${doer.organisme.id}/${randomUUID()}`
  await doer.services.storage.put(key, tempPath)
  return { key, ...about }
}

/** The rows of many files, in their order, and their scans. `made`: of our own making, nothing to scan. */
export async function insertFiles(
  doer: Doer,
  files: readonly StoredBytes[],
  made = false,
): Promise<string[]> {
  const scanned = !made && doer.services.config.clamdUrl !== undefined
  const ids = files.map(() => randomUUID())
  await doer.db.run(sql`
    insert into fichiers (id, cle, nom, mime, taille, sha256, depose_par, antivirus)
    select f.id, f.cle, f.nom, f.mime, f.taille, f.sha256, ${doer.user?.id ?? null}, ${scanned ? 'en_attente' : 'sans_objet'}
    from unnest(${ids}::uuid[], ${files.map((f) => f.key)}::text[],
      ${files.map((f) => f.name)}::text[], ${files.map((f) => f.mime)}::text[], ${files.map((f) => f.size)}::bigint[],
      ${files.map((f) => f.sha256)}::text[]) as f (id, cle, nom, mime, taille, sha256)`)
  if (scanned) {
    for (const id of ids)
      await queueJob(doer.db, 'fichiers.analyser', { id }, { key: `analyse:${id}`, maxAttempts: 25 })
  }
  return ids
}

/** @throws Refusal when the file is erased, or while the antivirus has not said that it is sound. */
export function downloadable(row: { nom: string; antivirus: string; efface_le?: string | null }): void {
  if (row.efface_le) {
    throw new Refusal(
      `Le fichier « ${row.nom} » a été effacé le ${date(row.efface_le)}\u00a0: il n’était conservé que pour un temps.`,
    )
  }
  if (row.antivirus === 'en_attente') {
    throw new Refusal(
      `Le fichier « ${row.nom} » est en cours d’analyse par l’antivirus. Réessayez dans quelques minutes.`,
    )
  }
  if (row.antivirus === 'infecte') {
    throw new Refusal(`Le fichier « ${row.nom} » contient un virus : il ne peut pas être téléchargé.`)
  }
}

/** Keeps bytes that we made ourselves (a generated PDF): nothing to check, nothing to scan. */
export async function storeBytes(
  doer: Doer,
  file: { name: string; mime: string; bytes: Buffer },
): Promise<{ id: string; sha256: string }> {
  const folder = join(doer.services.config.dataDir, 'temp')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const tempPath = join(folder, randomUUID())
  await writeFile(tempPath, file.bytes, { mode: 0o600 })
  const key = `${doer.organisme.id}/${randomUUID()}`
  await doer.services.storage.put(key, tempPath)
  const sha256 = createHash('sha256').update(file.bytes).digest('hex')
  const { id } = await doer.db.one<{ id: string }>(sql`
    insert into fichiers (cle, nom, mime, taille, sha256, depose_par, antivirus)
    values (${key}, ${file.name}, ${file.mime}, ${file.bytes.length}, ${sha256}, ${doer.user?.id ?? null}, 'sans_objet')
    returning id`)
  return { id, sha256 }
}
