import { type Db, brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { hasBegun, mayCancel } from './formation.ts'
import { cancelInscription, insertInscription, readFormation } from './queries.ts'

const FULL = 'Cette formation est complète\u00a0: toutes les places sont prises. Vous n’êtes pas inscrit.'
const BEGUN = 'Cette formation a déjà commencé\u00a0: il n’est plus possible de s’y inscrire.'
const TOO_LATE =
  'L’inscription s’annule jusqu’à la veille de la formation. Téléphonez-nous si vous ne pouvez pas venir.'

/** @throws Refusal when there is no place left or when it has begun; asking twice is harmless. */
export async function enrol(db: Db, id: string, adherentId: string, now: Date): Promise<void> {
  const formation = await readFormation(db, id)
  if (formation.inscrit) return
  if (hasBegun(formation, now)) throw new Refusal(BEGUN)
  try {
    await insertInscription(db, id, adherentId)
  } catch (error) {
    throw brokenConstraint(error) === 'formations_places' ? new Refusal(FULL) : error
  }
}

/** @throws Refusal from the day itself on; cancelling twice is harmless. */
export async function cancel(db: Db, id: string, adherentId: string, today: string): Promise<void> {
  const formation = await readFormation(db, id)
  if (!formation.inscrit) return
  if (!mayCancel(formation, today)) throw new Refusal(TOO_LATE)
  await cancelInscription(db, id, adherentId)
}
