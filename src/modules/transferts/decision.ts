import type { Db } from '../../kernel/db.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type TransfertFiche, lockTransfert, markRefused, markTaken } from './queries.ts'
import { mustBeReadable, mustBeUndecided } from './transfert.ts'

/** The organisme has what it needs: the sender is told. @throws Refusal when it was decided before, or cannot be read. */
export async function take(db: Db, id: string, userId: string): Promise<TransfertFiche> {
  const transfert = await lockTransfert(db, id)
  mustBeUndecided(transfert, transfert.decide_par_nom)
  mustBeReadable(transfert)
  await markTaken(db, id, userId)
  await tell(db, transfert, 'pris_en_compte')
  return transfert
}

/** @throws Refusal when it was decided before. */
export async function refuse(db: Db, id: string, userId: string, motif: string): Promise<TransfertFiche> {
  const transfert = await lockTransfert(db, id)
  mustBeUndecided(transfert, transfert.decide_par_nom)
  await markRefused(db, id, userId, motif)
  await tell(db, transfert, 'refuse')
  return transfert
}

/** The mail says that it was decided, and neither what was sent nor why. */
async function tell(db: Db, transfert: TransfertFiche, resultat: 'pris_en_compte' | 'refuse'): Promise<void> {
  await queueMail(db, {
    key: `transfert-traite:${transfert.id}:${transfert.depose_par}`,
    template: 'transfert-traite',
    to: transfert.depose_par,
    data: { lien: `/transferts/${transfert.id}`, resultat },
  })
}
