import { type Db, brokenConstraint } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { queueMail } from '../../../kernel/mail/queue.ts'
import type { Utilisateur } from '../../../kernel/page.ts'
import { dropBrouillon, lockBrouillon } from './brouillons.ts'
import { insertReponse, isSupervised, listSuperviseurs, transmit } from './queries.ts'
import { closedTo, readRedaction } from './redaction.ts'
import { answered } from './reponse.ts'

export interface Sent {
  id: string
  adherentId: string | null
  /** Its number, or null when it waits for a superviseur. */
  numero: string | null
}

/**
 * The draft becomes an answer: born to be validated when a collaborateur wrote it and his cabinet supervises (F69), else
 * it reaches the organisme at once.
 * @throws Refusal when the draft is no longer the one that was read again, or answers nothing
 */
export async function send(
  db: Db,
  user: Utilisateur,
  courrierId: string,
  version: number,
  today: string,
): Promise<Sent> {
  const draft = await lockBrouillon(db, courrierId)
  const r = await readRedaction(db, courrierId)
  const closed = closedTo(r)
  if (closed) throw new Refusal(`${closed.phrase} Rien n’a été envoyé.`)
  if (!draft) throw new Refusal('Répondez au moins à une question avant d’envoyer.')
  if (draft.version !== version) {
    throw new Refusal(
      `${draft.modifie_nom} a modifié ce brouillon pendant que vous le relisiez. Relisez-le, puis envoyez-le.`,
    )
  }
  const lignes = answered(r.ouvertes, draft, r.fichiers)
  const id = await once(() => insertReponse(db, user, r.courrier, lignes, draft.precedente_id))
  await dropBrouillon(db, draft.id)
  const { structureId } = user
  if (user.role === 'collaborateur' && structureId !== null && (await isSupervised(db, structureId))) {
    for (const { id: to } of await listSuperviseurs(db, structureId, today)) {
      const data = { lien: `/supervision/validations/${id}` }
      await queueMail(db, { key: `reponse:${id}:${to}`, template: 'reponse-a-valider', to, data })
    }
    return { id, adherentId: r.courrier.adherent_id, numero: null }
  }
  const numero = await transmit(db, id, Number(today.slice(0, 4)))
  return { id, adherentId: r.courrier.adherent_id, numero }
}

async function once<T>(insert: () => Promise<T>): Promise<T> {
  try {
    return await insert()
  } catch (error) {
    if (brokenConstraint(error) !== 'reponses_une_a_valider') throw error
    throw new Refusal('Une réponse à ce courrier vient d’être envoyée. Rechargez la page pour la voir.')
  }
}
