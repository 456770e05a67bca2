import type { Db } from '../../kernel/db.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import type { JournalNote } from '../../kernel/page.ts'
import { lockReponse, transmit } from '../courriers/reponses/queries.ts'
import { type Reponse, mustWait } from '../courriers/reponses/reponse.ts'
import { correctLigne, giveBack, recipientOf, rejectReponse } from './queries.ts'
import { type Autorite, type Correction, mustBeOfAnother } from './validation.ts'

type Note = (entry: JournalNote) => void

/**
 * The answer goes to the organisme, corrected or as it is; its author is told (F71).
 * @throws Refusal when somebody has decided before, or when it is his own
 */
export async function accept(
  { db, note, today }: { db: Db; note: Note; today: string },
  autorite: Autorite,
  id: string,
  corrections: readonly Correction[],
): Promise<Reponse> {
  const reponse = await lockReponse(db, id)
  mustWait(reponse)
  mustBeOfAnother(reponse, autorite.par)
  for (const { questionId, texte } of corrections) await correctLigne(db, id, questionId, texte)
  const corrigee = corrections.length > 0
  const numero = await transmit(db, id, Number(today.slice(0, 4)), { ...autorite, corrigee })
  await tell(db, reponse, 'reponse-acceptee', { corrigee })
  note(entry('reponse.acceptee', reponse, autorite, { numero, corrigee }))
  return reponse
}

/** The answer comes back to its author as a draft that he can change, with the reason. @throws Refusal */
export async function reject(
  { db, note }: { db: Db; note: Note },
  autorite: Autorite,
  id: string,
  motif: string,
): Promise<Reponse> {
  const reponse = await lockReponse(db, id)
  mustWait(reponse)
  mustBeOfAnother(reponse, autorite.par)
  await giveBack(db, reponse)
  await rejectReponse(db, id, { ...autorite, motif })
  const to = await recipientOf(db, reponse)
  const data = { lien: `/courriers/${reponse.courrier_id}/reponse` }
  if (to !== null)
    await queueMail(db, { key: `reponse:${id}:rejetee`, template: 'reponse-rejetee', to, data })
  note(entry('reponse.rejetee', reponse, autorite, {}))
  return reponse
}

async function tell(
  db: Db,
  reponse: Reponse,
  template: 'reponse-acceptee',
  data: { corrigee: boolean },
): Promise<void> {
  const key = `reponse:${reponse.id}:acceptee`
  const to = await recipientOf(db, reponse)
  if (to === null) return
  await queueMail(db, { key, template, to, data: { lien: `/reponses/${reponse.id}`, ...data } })
}

/** The journal says who really acted, and in whose name. */
function entry(
  action: string,
  reponse: Reponse,
  autorite: Autorite,
  detail: Record<string, unknown>,
): JournalNote {
  const stead =
    autorite.auNomDe === null ? {} : { au_nom_de: autorite.auNomDe, au_nom_de_nom: autorite.auNomDeNom }
  return {
    action,
    objet: 'reponse',
    objetId: reponse.id,
    adherentId: reponse.adherent_id,
    detail: { courrier: reponse.courrier_id, auteur: reponse.auteur_id, ...detail, ...stead },
  }
}
