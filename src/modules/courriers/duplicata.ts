import type { Organisme } from '../../kernel/organisme.ts'
import { makePdf, pdfKind } from '../../kernel/pdf/pool.ts'
import { LIBELLES } from './courrier.ts'
import type { LettreData } from './lettre.ts'
import type { CourrierFiche, Question } from './queries.ts'

const LETTRE = pdfKind<LettreData>(new URL('./lettre.ts', import.meta.url))

/** The courrier as a PDF, made off the main thread. */
export function makeDuplicata(
  courrier: CourrierFiche,
  questions: readonly Question[],
  organisme: Organisme,
  today: string,
): Promise<Buffer> {
  return makePdf(LETTRE, lettreOf(courrier, questions, organisme, today))
}

export function pdfNameOf(courrier: Pick<CourrierFiche, 'genre' | 'numero'>): string {
  return `${LIBELLES[courrier.genre]} ${courrier.numero ?? 'en préparation'}.pdf`
}

function lettreOf(
  c: CourrierFiche,
  questions: readonly Question[],
  organisme: Organisme,
  today: string,
): LettreData {
  const adherent = [c.adherent_nom ?? '', ...(c.adherent_adresse ?? [])]
  const cabinet = [c.structure_nom ?? '', ...(c.structure_adresse ?? [])]
  const toFirm = c.destinataire === 'cabinet'
  return {
    emetteur: {
      nom: organisme.nom,
      forme: organisme.forme,
      contact: [...organisme.adresse, organisme.telephone, organisme.courriel].filter(Boolean),
      couleur: organisme.couleur,
    },
    numero: c.numero ?? 'en préparation',
    genre: LIBELLES[c.genre],
    objet: c.objet,
    corps: c.corps,
    publieLe: c.publie_le ?? today,
    aRepondreAvant: c.a_repondre_avant,
    destinataire: toFirm ? cabinet : adherent,
    concerne:
      toFirm && c.adherent_id !== null
        ? `${c.adherent_nom ?? ''}, adhérent n° ${c.adherent_numero ?? ''}`
        : null,
    copie:
      c.adherent_id === null || c.structure_id === null ? null : toFirm ? c.adherent_nom : c.structure_nom,
    questions: questions.map((question) => question.texte),
    editeLe: today,
  }
}
