import type { Organisme } from '../../kernel/organisme.ts'
import { makePdf, pdfKind } from '../../kernel/pdf/pool.ts'
import { type Courrier, LIBELLES } from './courrier.ts'
import type { LettreData } from './lettre.ts'
import type { Demande } from './modeles/modele.ts'
import type { CourrierFiche } from './queries.ts'

const LETTRE = pdfKind<LettreData>(new URL('./lettre.ts', import.meta.url))

/** The courrier as a PDF, made off the main thread. */
export function makeDuplicata(
  courrier: CourrierFiche,
  questions: readonly Demande[],
  organisme: Organisme,
  today: string,
): Promise<Buffer> {
  const dossier =
    courrier.adherent_id === null
      ? null
      : {
          numero: courrier.adherent_numero ?? '',
          nom: courrier.adherent_nom ?? '',
          adresse: courrier.adherent_adresse ?? [],
        }
  const cabinet = { nom: courrier.structure_nom ?? '', adresse: courrier.structure_adresse ?? [] }
  return makePdf(LETTRE, {
    ...lettreOf({ ...courrier, questions, origine: courrier.origine_numero }, organisme, today),
    ...toWhom(courrier.destinataire, dossier, courrier.structure_id === null ? null : cabinet),
  })
}

/** A courrier that is not written yet, to look at before it is. */
export function makeLettre(
  courrier: Written & Pick<Courrier, 'destinataire'>,
  dossier: { numero: string; nom: string; adresse: string[]; cabinet: string | null },
  organisme: Organisme,
  today: string,
): Promise<Buffer> {
  const cabinet = dossier.cabinet === null ? null : { nom: dossier.cabinet, adresse: [] }
  return makePdf(LETTRE, {
    ...lettreOf({ ...courrier, origine: null }, organisme, today),
    ...toWhom(courrier.destinataire, dossier, cabinet),
  })
}

export function pdfNameOf(courrier: Pick<CourrierFiche, 'genre' | 'numero'>): string {
  return `${LIBELLES[courrier.genre]} ${courrier.numero ?? 'en préparation'}.pdf`
}

interface Written extends Pick<Courrier, 'numero' | 'genre' | 'objet' | 'publie_le' | 'a_repondre_avant'> {
  corps: string
  questions: readonly Demande[]
}

function toWhom(
  destinataire: Courrier['destinataire'],
  adherent: { numero: string; nom: string; adresse: string[] } | null,
  cabinet: { nom: string; adresse: string[] } | null,
): Pick<LettreData, 'destinataire' | 'concerne' | 'copie'> {
  const toFirm = destinataire === 'cabinet'
  const to = toFirm ? cabinet : adherent
  return {
    destinataire: [to?.nom ?? '', ...(to?.adresse ?? [])],
    concerne: toFirm && adherent ? `${adherent.nom}, adhérent n° ${adherent.numero}` : null,
    copie: adherent === null || cabinet === null ? null : toFirm ? adherent.nom : cabinet.nom,
  }
}

function lettreOf(
  c: Written & { origine: string | null },
  organisme: Organisme,
  today: string,
): Omit<LettreData, 'destinataire' | 'concerne' | 'copie'> {
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
    questions: c.questions.map(({ nature, texte }) => ({ nature, texte })),
    suite: c.origine,
    formelle: c.genre === 'mise_en_demeure',
    editeLe: today,
  }
}
