import { Refusal } from '../../../kernel/errors.ts'
import type { Db } from '../../../kernel/db.ts'
import { date } from '../../../kernel/formats.ts'
import type { JournalNote, Utilisateur } from '../../../kernel/page.ts'
import { publishNew } from '../gestion/publication.ts'
import {
  askAgain,
  closeCourrier,
  lockCourrier,
  satisfyQuestion,
  settleAnswered,
} from '../gestion/suite-queries.ts'
import { type Question, listQuestions } from '../queries.ts'
import type { Decision, Traitement } from './forms.ts'

/** What was decided, in words for the next page. */
export type Suite = 'clos' | 'redemande' | 'enregistre' | 'rien'

/**
 * Takes what was decided of an answer, all or nothing: accepted questions are settled, those that are asked again go out
 * in one letter with their reasons, and the courrier closes by itself when nothing is left open.
 * @throws Refusal
 */
export async function decide(
  db: Db,
  user: Utilisateur,
  courrierId: string,
  form: Traitement,
  today: string,
  note: (entry: JournalNote) => void,
): Promise<Suite> {
  const courrier = await lockCourrier(db, courrierId)
  if (courrier.clos_le !== null) throw new Refusal('Ce courrier vient d’être clos. Rien n’a été changé.')
  const questions = await listQuestions(db, courrierId)
  const open = questions.filter((q) => q.satisfaite_le === null)
  const accepted = accept(form, open)
  for (const id of accepted) await satisfyQuestion(db, courrierId, id, user.id)
  const about = { objet: 'courrier', objetId: courrierId, adherentId: courrier.adherent_id }
  const again = form.geste === 'suivant' ? reasked(form.decisions, questions) : []
  if (again.length > 0) {
    const avant = form.aRepondreAvant
    if (avant < today)
      throw new Refusal(`Cette date est passée : nous sommes le ${date(today)}.`, 'aRepondreAvant')
    for (const { question, motif } of again) await askAgain(db, courrierId, [question.id], motif, avant)
    const { adherent_id, structure_id, destinataire } = courrier
    const { id, numero } = await publishNew(
      db,
      user.id,
      { adherent_id, structure_id, destinataire, genre: 'relance', objet: `Complément demandé : ${courrier.objet}`,
        corps: letterOf(courrier.numero ?? '', again, avant), aRepondreAvant: null, fichierId: null, origineId: courrierId,
        clotureId: null, questions: [] },
      today,
    ) // prettier-ignore
    note({
      ...about,
      action: 'courrier.redemande',
      detail: { numero, relance: id, avant, questions: again.length },
    })
    return 'redemande'
  }
  await settleAnswered(db, courrierId)
  if (form.geste === 'clore' || open.every((q) => accepted.includes(q.id))) {
    await closeCourrier(db, courrierId, user.id)
    note({ ...about, action: 'courrier.clos', detail: { acceptees: accepted.length } })
    return 'clos'
  }
  if (accepted.length === 0) return 'rien'
  note({ ...about, action: 'courrier.question.satisfaite', detail: { questions: accepted.length } })
  return 'enregistre'
}

function accept(form: Traitement, open: readonly Question[]): string[] {
  if (form.geste === 'tout') return open.map((q) => q.id)
  const chosen = new Set(form.decisions.filter((d) => d.quoi === 'accepter').map((d) => d.questionId))
  return open.filter((q) => chosen.has(q.id)).map((q) => q.id)
}

function reasked(decisions: readonly Decision[], questions: readonly Question[]) {
  return questions.flatMap((question) => {
    const found = decisions.find((d) => d.questionId === question.id && d.quoi === 'redemander')
    return found ? [{ question, motif: found.motif }] : []
  })
}

function letterOf(
  numero: string,
  again: readonly { question: Question; motif: string }[],
  avant: string,
): string {
  const parts = again.map(
    ({ question: q, motif }) =>
      `${q.nature === 'piece' ? 'Pièce' : 'Question'} ${q.ordre} : ${q.texte}\n${motif}`,
  )
  return [
    `Votre réponse à notre courrier n° ${numero} appelle un complément. Merci de le donner dans votre espace avant le ${date(avant)}.`,
    ...parts,
  ].join('\n\n')
}
