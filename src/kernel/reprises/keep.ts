import { randomUUID } from 'node:crypto'
import { encrypt } from '../auth/cipher.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db.ts'
import { storeFile } from '../files/store.ts'
import type { ReceivedFile } from '../page.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'

/** How long it waits for its author. */
export const KEPT_HOURS = 24
/** Of one person at once: a browser that goes on sending pushes its own oldest out. */
const KEPT_PER_PERSON = 5

/** Fields that are never kept: a password belongs in no table, and a code is worth nothing later. */
export const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'motDePasse',
  'nouveau',
  'confirmation',
  'code',
  'secours',
  'defi',
])

/** What was typed, without the kernel's own fields and without secrets. */
export function worthKeeping(fields: Record<string, unknown>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => !name.startsWith('_') && !SECRET_FIELDS.has(name)),
  ) as Record<string, string | string[]>
}

/** The text opens for this row of this person only. */
export function seal(config: Config, id: string, person: string, values: object): string {
  return encrypt(config, Buffer.from(JSON.stringify(values)), `reprise:${person}:${id}`)
}

interface Keeper {
  db: Db
  services: Services
  organisme: { id: string }
  user: { id: string }
}

/**
 * Keeps what a person sent too late, in a transaction of that person. The files wait like any other: checked, scanned.
 * @returns the id under which he finds it again
 */
export async function keep(
  keeper: Keeper,
  page: string,
  values: Record<string, string | string[]>,
  files: readonly ReceivedFile[],
): Promise<string> {
  const { db, services, user } = keeper
  const id = randomUUID()
  await db.run(sql`insert into reprises (id, chemin, contenu)
    values (${id}, ${page}, ${seal(services.config, id, user.id, values)})`)
  for (const [ordre, received] of files.entries()) {
    const fichier = await storeFile(keeper, received)
    await db.run(sql`insert into reprise_fichiers (reprise_id, champ, fichier_id, ordre)
      values (${id}, ${received.field}, ${fichier}, ${ordre})`)
  }
  await forget(
    db,
    sql`id in (select r.id from reprises r where r.utilisateur_id = ${user.id}
    order by r.cree_le desc, r.id offset ${KEPT_PER_PERSON})`,
  )
  return id
}

/** Takes rows away with their files; the bytes go with the nightly sweep. */
export async function forget(db: Db, which: ReturnType<typeof sql>): Promise<number> {
  const files = await db.many<{ id: string }>(sql`delete from reprise_fichiers
    where reprise_id in (select id from reprises where ${which}) returning fichier_id as id`)
  if (files.length > 0)
    await db.run(sql`delete from fichiers where id = any(${files.map((file) => file.id)})`)
  return db.run(sql`delete from reprises where ${which}`)
}
