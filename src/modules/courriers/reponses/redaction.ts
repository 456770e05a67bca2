import type { Db } from '../../../kernel/db.ts'
import type { Utilisateur } from '../../../kernel/page.ts'
import { awaitsAnswer } from '../courrier.ts'
import { type CourrierFiche, type Question, listQuestions, readCourrier } from '../queries.ts'
import { empreinte, isWriting } from './brouillon.ts'
import { type Brouillon, findBrouillon, type FichierPose, listFichiersPoses } from './brouillons.ts'
import { findPending, mustAnswer, readReponse } from './queries.ts'
import type { Reponse } from './reponse.ts'

export interface Redaction {
  courrier: CourrierFiche
  questions: Question[]
  /** Those that still want an answer. */
  ouvertes: Question[]
  pending: Reponse | undefined
  brouillon: Brouillon | undefined
  fichiers: FichierPose[]
  /** The submission that was rejected, when this draft comes from it. */
  rejet: Reponse | undefined
}

/** All that the answering of a courrier stands on. @throws NotFound when it is not for this person's side to answer */
export async function readRedaction(db: Db, id: string): Promise<Redaction> {
  const [, courrier, questions, pending, brouillon, fichiers] = await Promise.all([
    mustAnswer(db, id),
    readCourrier(db, id),
    listQuestions(db, id),
    findPending(db, id),
    findBrouillon(db, id),
    listFichiersPoses(db, id),
  ])
  const rejet = brouillon?.precedente_id ? await readReponse(db, brouillon.precedente_id) : undefined
  const ouvertes = questions.filter((q) => q.satisfaite_le === null && q.repondue_le === null)
  return { courrier, questions, ouvertes, pending, brouillon, fichiers, rejet }
}

/** Why this courrier cannot be answered now, with where to read more; null when it can. */
export function closedTo({ courrier, pending, ouvertes }: Redaction): { to: string; phrase: string } | null {
  if (pending !== undefined)
    return { to: `/reponses/${pending.id}`, phrase: 'Une réponse à ce courrier attend déjà sa validation.' }
  if (!awaitsAnswer(courrier) || ouvertes.length === 0)
    return { to: `/courriers/${courrier.id}`, phrase: 'Ce courrier n’attend plus de réponse.' }
  return null
}

/** What the page of a draft shows. */
export function shownRedaction(r: Redaction, user: Utilisateur, now: Date) {
  const { brouillon } = r
  const open = new Set(r.ouvertes.map((q) => q.id))
  const other = brouillon !== undefined && brouillon.modifie_par !== user.id
  return {
    courrier: r.courrier,
    questions: r.questions.map((q) => {
      const texte = brouillon?.textes[q.id] ?? ''
      return {
        ...q,
        ouverte: open.has(q.id),
        brouillon: texte,
        sansObjet: brouillon?.sans_objet.includes(q.id) ?? false,
        base: empreinte(texte),
        fichiers: r.fichiers.filter((f) => f.question_id === q.id),
      }
    }),
    version: brouillon?.version ?? 0,
    enregistreLe: brouillon?.modifie_le ?? null,
    enregistrePar: other ? brouillon.modifie_nom : null,
    ecrit: other && isWriting(brouillon.modifie_le, now) ? brouillon.modifie_nom : null,
    rejet: r.rejet?.rejetee_le ? r.rejet : null,
  }
}
