import type { Db } from '../../kernel/db.ts'
import { queueJob } from '../../kernel/jobs.ts'
import type { ReceivedFile } from '../../kernel/page.ts'
import type { Services } from '../../kernel/services.ts'
import { type Fec, avecFecRecu } from './archive.ts'
import { controlerAilleurs } from './controle/lancer.ts'
import type { Rapport } from './controle/rapport.ts'
import { insertControle, lireAttendu } from './queries.ts'
import { rapprocher } from './rapprochement.ts'

/** Checked while the person waits, in some tenths of a second; larger files by the worker. */
export const TOUT_DE_SUITE = 4 * 1024 * 1024

/** The report of a small file that has just been received and not yet been stored; null for a large one. */
export async function controlerRecu(
  ctx: { db: Db; services: Services },
  adherentId: string,
  received: ReceivedFile,
  { nom, taille }: Fec,
): Promise<Rapport | null> {
  if (taille > TOUT_DE_SUITE) return null
  const attendu = await lireAttendu(ctx.db, adherentId)
  const rapport = await avecFecRecu(ctx.services, received, (chemin) =>
    controlerAilleurs({ chemin, nom, attendu }),
  )
  return rapprocher(ctx.db, adherentId, rapport)
}

/** Keeps the report, or has the worker make it. @returns the id of the check */
export async function garderControle(
  db: Db,
  depot: { transfertId: string; fichierId: string; adherentId: string; fec: Fec; rapport: Rapport | null },
): Promise<string> {
  const { fec, rapport, ...rest } = depot
  const { id } = await insertControle(db, { ...rest, ...fec, rapport })
  if (rapport === null) await queueJob(db, 'fec.controler', { id }, { key: `fec:${id}`, maxAttempts: 3 })
  return id
}
