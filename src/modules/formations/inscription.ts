import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { hasBegun, mayCancel } from './formation.ts'
import { cancelInscription, fillPlaces, insertInscription, readFormation } from './queries.ts'

const BEGUN = 'Cette formation a déjà commencé\u00a0: il n’est plus possible de s’y inscrire.'
const CANCELLED = 'Cette formation est annulée\u00a0: il n’est plus possible de s’y inscrire.'
const TOO_LATE =
  'L’inscription s’annule jusqu’à la veille de la formation. Téléphonez-nous si vous ne pouvez pas venir.'

/**
 * A place, or the waiting list when there is none left; asking twice is harmless.
 * @returns whether he waits. @throws Refusal when it has begun or is cancelled
 */
export async function enrol(db: Db, id: string, adherentId: string, now: Date): Promise<boolean> {
  const formation = await readFormation(db, id)
  if (formation.inscrit || formation.en_attente) return formation.en_attente
  if (formation.annulee_le !== null) throw new Refusal(CANCELLED)
  if (hasBegun(formation, now)) throw new Refusal(BEGUN)
  return insertInscription(db, id, adherentId)
}

/** The place goes to whoever waits first. @throws Refusal from the day itself on; cancelling twice is harmless. */
export async function cancel(db: Db, id: string, adherentId: string, today: string): Promise<void> {
  const formation = await readFormation(db, id)
  if (!formation.inscrit && !formation.en_attente) return
  if (!mayCancel(formation, today)) throw new Refusal(TOO_LATE)
  await cancelInscription(db, id, adherentId)
  await promote(db, id)
}

/** Free places go to those who wait, who are told by mail. @returns how many */
export async function promote(db: Db, id: string): Promise<number> {
  const given = await fillPlaces(db, id)
  for (const { inscription, utilisateur } of given) {
    await queueMail(db, {
      key: `formation-place:${inscription}:${utilisateur}`,
      template: 'formation-place',
      to: utilisateur,
      data: { lien: `/formations/${id}` },
    })
  }
  return new Set(given.map(({ inscription }) => inscription)).size
}
