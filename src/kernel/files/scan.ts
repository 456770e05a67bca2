import { Unavailable } from '../errors.ts'
import { queueJob } from '../jobs.ts'
import type { JobContext } from '../page.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'
import { everyOrganisme } from '../organisme.ts'
import { openAntivirus } from './antivirus.ts'

/**
 * Job `fichiers.analyser`: has one file scanned. Until clamd has answered the file stays « en cours d'analyse ».
 * @throws Unavailable when it did not answer, so that the queue tries again.
 */
export async function scanFile(payload: Record<string, unknown>, ctx: JobContext): Promise<void> {
  const { config, storage, log } = ctx.services
  const row = await ctx.transaction((db) =>
    db.maybe<{ cle: string }>(
      sql`select cle from fichiers where id = ${payload.id} and antivirus = 'en_attente'`,
    ),
  )
  if (!row) return
  // Whoever takes the antivirus away decides that files need none.
  const verdict =
    config.clamdUrl === undefined
      ? 'sans_objet'
      : await openAntivirus(config.clamdUrl).scan(await storage.open(row.cle))
  if (verdict === 'indisponible') throw new Unavailable('the antivirus did not answer')
  if (verdict === 'infecte') log.warn({ fichier: payload.id }, 'a file is infected: it cannot be downloaded')
  await ctx.transaction((db) =>
    db.run(sql`update fichiers set antivirus = ${verdict}, analyse_le = now() where id = ${payload.id}`),
  )
}

/** Files that still wait, ten minutes after they came: queued again, however often it failed and whatever is parked. */
export async function rescanWaiting({ database }: Services): Promise<void> {
  await everyOrganisme(database, ({ transaction }) =>
    transaction(async (db) => {
      const waiting = await db.many<{ id: string }>(
        sql`select id from fichiers where antivirus = 'en_attente' and depose_le < now() - interval '10 minutes'
          order by depose_le limit 1000`,
      )
      for (const { id } of waiting) await queueJob(db, 'fichiers.analyser', { id }, { key: `analyse:${id}` })
    }),
  )
}
