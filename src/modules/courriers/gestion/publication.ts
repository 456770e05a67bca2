import { Refusal } from '../../../kernel/errors.ts'
import type { Db } from '../../../kernel/db.ts'
import { date } from '../../../kernel/formats.ts'
import { queueMail } from '../../../kernel/mail/queue.ts'
import type { Utilisateur } from '../../../kernel/page.ts'
import type { Cote } from '../courrier.ts'
import { type Nouveau, questionsOf } from './forms.ts'
import {
  type Destination, type NewCourrier, findAdherent, findCabinet, insertCourrier, insertEnvois, listDestinataires,
  publishCourrier,
} from './queries.ts' // prettier-ignore

/** Kinds that want an answer: a day to answer by, and questions to answer. */
const ASKING = new Set(['questions_eccv', 'demande_pieces', 'demande_eps'])

/** To whom it goes, from the numbers that were typed. @throws Refusal */
export async function destinationOf(db: Db, form: Nouveau): Promise<Destination & { destinataire: Cote }> {
  if ((form.numero === '') === (form.cabinet === ''))
    throw new Refusal(
      'Indiquez un numéro d’adhérent, ou le numéro d’un cabinet, mais pas les deux.',
      'numero',
    )
  if (form.cabinet !== '') {
    const cabinet = await findCabinet(db, form.cabinet)
    if (!cabinet) throw new Refusal(`Aucun cabinet ne porte le numéro « ${form.cabinet} ».`, 'cabinet')
    return { ...cabinet, destinataire: 'cabinet' }
  }
  const adherent = await findAdherent(db, form.numero)
  if (!adherent) throw new Refusal(`Aucun adhérent ne porte le numéro « ${form.numero} ».`, 'numero')
  if (form.destinataire === 'cabinet' && adherent.structure_id === null)
    throw new Refusal('Cet adhérent n’a pas de cabinet : adressez-lui le courrier.', 'destinataire')
  return { ...adherent, destinataire: form.destinataire }
}

/** What a courrier that asks must say, and what one that does not must not. @throws Refusal */
export function checkAsking(form: Nouveau, today: string): void {
  const questions = questionsOf(form)
  if (!ASKING.has(form.genre)) {
    if (questions.length > 0)
      throw new Refusal('Ce type de courrier n’appelle pas de réponse : retirez les questions.', 'question1')
    if (form.aRepondreAvant !== '')
      throw new Refusal('Ce type de courrier n’appelle pas de réponse : retirez la date.', 'aRepondreAvant')
    return
  }
  if (questions.length === 0) throw new Refusal('Posez au moins une question.', 'question1')
  if (form.aRepondreAvant === '') throw new Refusal('Indiquez la date limite de réponse.', 'aRepondreAvant')
  if (form.aRepondreAvant < today)
    throw new Refusal(`Cette date est passée : nous sommes le ${date(today)}.`, 'aRepondreAvant')
}

/** Writes, publishes, and announces by mail, without a word of what it is about (F49). */
export async function publishNew(
  db: Db,
  user: Utilisateur,
  courrier: NewCourrier,
  today: string,
): Promise<{ id: string; numero: string; people: number }> {
  const id = await insertCourrier(db, courrier)
  const people = await listDestinataires(db, courrier)
  const numero = await publishCourrier(db, id, user.id, Number(today.slice(0, 4)))
  await insertEnvois(db, id, people, courrier.destinataire)
  for (const p of people) {
    const attend = courrier.aRepondreAvant !== null && p.cote === courrier.destinataire
    const data = { lien: `/courriers/${id}`, attend }
    await queueMail(db, { key: `courrier:${id}:${p.id}`, template: 'courrier-recu', to: p.id, data })
  }
  return { id, numero, people: people.length }
}
