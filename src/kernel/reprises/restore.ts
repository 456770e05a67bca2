import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { decrypt } from '../auth/cipher.ts'
import type { Db } from '../db.ts'
import { Refusal } from '../errors.ts'
import type { UploadedFile } from '../files/upload.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'
import { KEPT_HOURS } from './keep.ts'

export interface Reprise {
  id: string
  /** Path of the page of the form. */
  chemin: string
  creeLe: string
  values: Record<string, string | string[]>
  fichiers: FichierRepris[]
}

export interface FichierRepris {
  id: string
  champ: string
  nom: string
  taille: number
  cle: string
  antivirus: string
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** What waits under this id for the person of the transaction; undefined for anybody else, or when it is too old. */
export async function findReprise(db: Db, services: Services, id: unknown): Promise<Reprise | undefined> {
  if (typeof id !== 'string' || !UUID.test(id)) return undefined
  const [row, fichiers] = await Promise.all([
    db.maybe<{ chemin: string; contenu: string; cree_le: string; utilisateur_id: string }>(sql`
      select chemin, contenu, cree_le, utilisateur_id from reprises
      where id = ${id} and utilisateur_id = ${db.context.utilisateurId ?? null}
        and cree_le > now() - ${KEPT_HOURS} * interval '1 hour'`),
    db.many<FichierRepris>(sql`select f.id, l.champ, f.nom, f.taille, f.cle, f.antivirus from reprise_fichiers l
      join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
      where l.reprise_id = ${id} order by l.ordre`),
  ])
  if (!row) return undefined
  const opened = decrypt(services.config, row.contenu, `reprise:${row.utilisateur_id}:${id}`)
  return {
    id,
    chemin: row.chemin,
    creeLe: row.cree_le,
    values: JSON.parse(opened.toString()) as Reprise['values'],
    fichiers,
  }
}

/**
 * Copies of the kept files that the person wants to join again, as if they had just come. Not inside a transaction.
 * @param temps where the temporary files are told, for whoever removes them
 * @throws Refusal when the antivirus has found something in one
 */
export async function takeFiles(
  services: Services,
  reprise: Reprise,
  wanted: unknown,
  temps: string[],
): Promise<UploadedFile[]> {
  const ids = new Set(Array.isArray(wanted) ? wanted : [wanted])
  const folder = join(services.config.dataDir, 'temp')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const taken: UploadedFile[] = []
  for (const { id, champ, nom, cle, antivirus } of reprise.fichiers) {
    if (!ids.has(id)) continue
    if (antivirus === 'infecte')
      throw new Refusal(`Le fichier «\u00a0${nom}\u00a0» contient un virus : décochez-le.`)
    const tempPath = join(folder, randomUUID())
    temps.push(tempPath)
    await pipeline(await services.storage.open(cle), createWriteStream(tempPath, { mode: 0o600 }))
    taken.push({ field: champ, tempPath, declaredName: nom })
  }
  return taken
}
