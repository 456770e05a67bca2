import { type EachOrganisme, everyOrganisme } from '../organisme.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'

const DAY_MS = 24 * 3_600_000
const BATCH = 1_000

/**
 * What failed acts and killed processes left: an object that has had no row for a day, or whose row says that it is
 * erased, is removed. A row without object
 * is a loss: it is told in the log, as an error, and left as it is.
 */
export async function sweepObjects({ database, storage, log }: Services): Promise<void> {
  await everyOrganisme(database, async (organisme) => {
    const { now: start } = await organisme.transaction((db) => db.one<{ now: string }>(sql`select now()`))
    // By whichever clock is behind: this machine's may be wrong, and what is being stored must not look old.
    const old = new Date(Math.min(Date.parse(start), Date.now()) - DAY_MS)
    const stored = new Set<string>()
    const suspects: string[] = []
    for await (const { key, modifiedAt } of storage.list(organisme.id)) {
      stored.add(key)
      if (modifiedAt < old) suspects.push(key)
    }
    const orphans = await withoutRow(organisme, suspects)
    for (const key of orphans) await storage.remove(key)
    const missing = await withoutObject(organisme, stored, start)
    if (orphans.length > 0) {
      log.info({ organisme: organisme.code, objets: orphans.length }, 'objects without row removed')
    }
    if (missing.length > 0) {
      log.error({ organisme: organisme.code, fichiers: missing }, 'ALARM: rows of files whose object is gone')
    }
  })
}

async function withoutRow({ transaction }: EachOrganisme, keys: readonly string[]): Promise<string[]> {
  const orphans: string[] = []
  for (let at = 0; at < keys.length; at += BATCH) {
    const batch = keys.slice(at, at + BATCH)
    const rows = await transaction((db) =>
      db.many<{ cle: string }>(sql`select cle from fichiers where cle = any(${batch}) and efface_le is null`),
    )
    const known = new Set(rows.map((row) => row.cle))
    orphans.push(...batch.filter((key) => !known.has(key)))
  }
  return orphans
}

/** Ids of rows older than the listing whose object was not in it. */
async function withoutObject(
  { transaction }: EachOrganisme,
  stored: ReadonlySet<string>,
  before: string,
): Promise<string[]> {
  const missing: string[] = []
  let after = ''
  for (;;) {
    const rows = await transaction((db) =>
      db.many<{ id: string; cle: string }>(
        sql`select id, cle from fichiers where cle > ${after} and depose_le < ${before} and efface_le is null
          order by cle limit ${BATCH}`,
      ),
    )
    missing.push(...rows.filter((row) => !stored.has(row.cle)).map((row) => row.id))
    const last = rows.at(-1)
    if (!last || rows.length < BATCH) return missing
    after = last.cle
  }
}
