import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { JobContext } from '../../kernel/page.ts'
import { controlerAilleurs } from './controle/lancer.ts'
import { echouer, finirControle, lireAttendu, noterAvance, prendreControle } from './queries.ts'
import { rapprocher } from './rapprochement.ts'

/**
 * Job `fec.controler`: checks one large file in a thread, telling how far it is. Killed in the middle, it begins again:
 * a gigabyte takes less than a minute.
 */
export async function controlerFichier(payload: Record<string, unknown>, ctx: JobContext): Promise<void> {
  const id = String(payload.id)
  const row = await ctx.transaction((db) => prendreControle(db, id))
  if (!row) return
  const folder = join(ctx.services.config.dataDir, 'temp')
  const chemin = join(folder, `fec-${randomUUID()}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    const attendu = await ctx.transaction((db) => lireAttendu(db, row.adherent_id))
    // The store may be far away, and the check reads a file twice when its entries are badly mixed.
    await pipeline(await ctx.services.storage.open(row.cle), createWriteStream(chemin, { mode: 0o600 }))
    const rapport = await controlerAilleurs({ chemin, nom: row.nom, attendu }, (octets) => {
      ctx.transaction((db) => noterAvance(db, id, octets)).catch(() => undefined)
    })
    await ctx.transaction(async (db) => finirControle(db, id, await rapprocher(db, row.adherent_id, rapport)))
  } catch (error) {
    if (ctx.lastAttempt) await ctx.transaction((db) => echouer(db, id))
    throw error
  } finally {
    await rm(chemin, { force: true })
  }
}
