import type { Db } from '../../kernel/db.ts'
import { queueJob } from '../../kernel/jobs.ts'
import type { ReceivedFile } from '../../kernel/page.ts'
import { controlerAilleurs } from './controle/lancer.ts'
import type { Rapport } from './controle/rapport.ts'
import { insertControle, lireAttendu } from './queries.ts'
import { rapprocher } from './rapprochement.ts'

/** Checked while the person waits, in some tenths of a second; larger files by the worker. */
export const TOUT_DE_SUITE = 4 * 1024 * 1024

const TEXTES = ['text/plain', 'text/csv']

export function estTexte(received: Pick<ReceivedFile, 'mime'>): boolean {
  return TEXTES.includes(received.mime)
}

/** The report of a small file that has just been received and not yet been stored; null for a large one. */
export async function controlerRecu(
  db: Db,
  adherentId: string,
  received: ReceivedFile,
): Promise<Rapport | null> {
  if (received.size > TOUT_DE_SUITE) return null
  const attendu = await lireAttendu(db, adherentId)
  const rapport = await controlerAilleurs({ chemin: received.tempPath, nom: received.name, attendu })
  return rapprocher(db, adherentId, rapport)
}

/** Keeps the report, or has the worker make it. @returns the id of the check */
export async function garderControle(
  db: Db,
  depot: {
    transfertId: string
    fichierId: string
    adherentId: string
    received: ReceivedFile
    rapport: Rapport | null
  },
): Promise<string> {
  const { received, rapport, ...rest } = depot
  const { id } = await insertControle(db, { ...rest, nom: received.name, taille: received.size, rapport })
  if (rapport === null) await queueJob(db, 'fec.controler', { id }, { key: `fec:${id}`, maxAttempts: 3 })
  return id
}
