import type { JobContext } from '../../kernel/page.ts'
import { avecFecGarde } from './archive.ts'
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
  try {
    const attendu = await ctx.transaction((db) => lireAttendu(db, row.adherent_id))
    const rapport = await avecFecGarde(ctx.services, row, (chemin) =>
      controlerAilleurs({ chemin, nom: row.nom, attendu }, (octets) => {
        ctx.transaction((db) => noterAvance(db, id, octets)).catch(() => undefined)
      }),
    )
    await ctx.transaction(async (db) => finirControle(db, id, await rapprocher(db, row.adherent_id, rapport)))
  } catch (error) {
    if (ctx.lastAttempt) await ctx.transaction((db) => echouer(db, id))
    throw error
  }
}
