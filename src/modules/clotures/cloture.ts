import type { Jour } from './calendrier.ts'
import type { Regime } from './regime.ts'

/*
 * A clôture is the work of the organisme on one year of one adhérent. It is six independent tracks, because one
 * status would lie: the attestation leaves while questions are still open, and an EPS may outlast everything.
 */

export interface Etats {
  reception:
    | 'attendue'
    | 'relancee_1'
    | 'relancee_2'
    | 'mise_en_demeure'
    | 'recue'
    | 'incomplete'
    | 'complete'
    | 'sans_objet'
  attestation: 'a_emettre' | 'emise' | 'consultee' | 'annulee'
  eccv:
    | 'a_faire'
    | 'en_cours'
    | 'questions_posees'
    | 'reponse_a_valider'
    | 'reponse_recue'
    | 'termine_sans_anomalie'
    | 'termine_avec_anomalies'
  eps:
    | 'non_selectionne'
    | 'selectionne'
    | 'fichier_demande'
    | 'fichier_recu'
    | 'pieces_demandees'
    | 'pieces_recues'
    | 'termine'
    | 'fichier_detruit'
  crm: 'en_attente' | 'redige' | 'signe' | 'envoye_adherent' | 'transmis_sie' | 'ar_sie' | 'rectificatif'
  dossier_gestion: 'a_faire' | 'calcule' | 'commente' | 'publie' | 'consulte'
}

export type Track = keyof Etats

/** Where every clôture begins. */
export const DEPART: Etats = {
  reception: 'attendue',
  attestation: 'a_emettre',
  eccv: 'a_faire',
  eps: 'non_selectionne',
  crm: 'en_attente',
  dossier_gestion: 'a_faire',
}

type Moves = { [T in Track]: Record<Etats[T], readonly Etats[T][]> }

const MOVES: Moves = {
  reception: {
    attendue: ['relancee_1', 'recue', 'sans_objet'],
    relancee_1: ['relancee_2', 'recue', 'sans_objet'],
    relancee_2: ['mise_en_demeure', 'recue', 'sans_objet'],
    mise_en_demeure: ['recue', 'sans_objet'],
    recue: ['incomplete', 'complete'],
    incomplete: ['complete'],
    complete: ['incomplete'],
    sans_objet: ['attendue'],
  },
  attestation: {
    a_emettre: ['emise'],
    emise: ['consultee', 'annulee'],
    consultee: ['annulee'],
    annulee: ['a_emettre'],
  },
  eccv: {
    a_faire: ['en_cours'],
    en_cours: ['questions_posees', 'termine_sans_anomalie', 'termine_avec_anomalies'],
    questions_posees: ['reponse_a_valider', 'reponse_recue', 'termine_avec_anomalies'],
    // A superviseur who refuses an answer puts the questions back where they were.
    reponse_a_valider: ['reponse_recue', 'questions_posees'],
    reponse_recue: ['en_cours', 'termine_sans_anomalie', 'termine_avec_anomalies'],
    termine_sans_anomalie: ['en_cours'],
    termine_avec_anomalies: ['en_cours'],
  },
  eps: {
    non_selectionne: ['selectionne'],
    selectionne: ['fichier_demande', 'non_selectionne'],
    fichier_demande: ['fichier_recu'],
    fichier_recu: ['pieces_demandees'],
    pieces_demandees: ['pieces_recues'],
    pieces_recues: ['termine', 'pieces_demandees'],
    termine: ['fichier_detruit'],
    fichier_detruit: [],
  },
  crm: {
    en_attente: ['redige'],
    redige: ['signe', 'en_attente'],
    signe: ['envoye_adherent'],
    envoye_adherent: ['transmis_sie', 'rectificatif'],
    transmis_sie: ['ar_sie', 'rectificatif'],
    ar_sie: ['rectificatif'],
    rectificatif: ['signe'],
  },
  dossier_gestion: {
    a_faire: ['calcule'],
    calcule: ['commente'],
    commente: ['publie', 'calcule'],
    publie: ['consulte', 'calcule'],
    // A new dossier replaces the one that was published, which stays as it was.
    consulte: ['calcule'],
  },
}

/** What the guards look at, beside the states themselves. */
export interface Contexte {
  etats: Etats
  regime: Regime
  adhesionValide: boolean
  cotisationReglee: boolean
  /** The organisme's own rule: no attestation before the fee is paid. */
  cotisationExigee: boolean
  /** The cabinet's superviseur reads its collaborateurs' answers first. */
  supervision: boolean
  /** The time to answer, reminders included, is over. */
  delaiReponseDepasse: boolean
  /** Proof that the exhaustive file of the EPS is gone (annexe II, 371 E 4°). */
  certificatDestruction: { le: Jour; empreinte: string; agent: string } | null
}

export type Decision = { ok: true } | { ok: false; raison: string }

const YES: Decision = { ok: true }
const no = (raison: string): Decision => ({ ok: false, raison })

/** May this track of the clôture go from one state to another now? A refusal says why, in French, for the page. */
export function canMove<T extends Track>(
  track: T,
  from: Etats[T],
  to: Etats[T],
  context: Contexte,
): Decision {
  if (context.etats[track] !== from) return no('Cette étape a changé entre-temps. Rechargez la page.')
  if (!MOVES[track][from].includes(to)) return no('Cette étape ne peut pas suivre la précédente.')
  return GUARDS[`${track}.${to}`]?.(context, from) ?? YES
}

/** The states that may come next, guards applied: the buttons that a page offers. */
export function nextStates<T extends Track>(track: T, context: Contexte): Etats[T][] {
  const from = context.etats[track]
  return MOVES[track][from].filter((to) => canMove(track, from, to, context).ok)
}

/** Every state that some other one leads to. */
export function targets<T extends Track>(track: T): Etats[T][] {
  return [...new Set(Object.values<readonly Etats[T][]>(MOVES[track]).flat())]
}

/** Steps back: what was said done is said undone, and the history wants to know why. */
const BACK = new Set([
  'reception.complete.incomplete',
  'reception.sans_objet.attendue',
  'attestation.emise.annulee',
  'attestation.consultee.annulee',
  'eccv.reponse_a_valider.questions_posees',
  'eccv.termine_sans_anomalie.en_cours',
  'eccv.termine_avec_anomalies.en_cours',
  'eps.selectionne.non_selectionne',
  'eps.pieces_recues.pieces_demandees',
  'crm.redige.en_attente',
  'crm.envoye_adherent.rectificatif',
  'crm.transmis_sie.rectificatif',
  'crm.ar_sie.rectificatif',
  'dossier_gestion.commente.calcule',
  'dossier_gestion.publie.calcule',
  'dossier_gestion.consulte.calcule',
])

export function isStepBack(track: Track, from: string, to: string): boolean {
  return BACK.has(`${track}.${from}.${to}`)
}

export function liasseIsThere({ reception }: Etats): boolean {
  return reception === 'recue' || reception === 'incomplete' || reception === 'complete'
}

export function controleIsOver({ eccv, eps }: Etats): boolean {
  const eccvOver = eccv === 'termine_sans_anomalie' || eccv === 'termine_avec_anomalies'
  return eccvOver && (eps === 'non_selectionne' || eps === 'termine' || eps === 'fichier_detruit')
}

type Guard = (context: Contexte, from: string) => Decision

const GUARDS: Record<string, Guard | undefined> = {
  'attestation.emise': ({ adhesionValide, cotisationReglee, cotisationExigee }) => {
    if (!adhesionValide)
      return no('L’adhésion ne couvre pas cet exercice : l’attestation ne peut pas être émise.')
    if (cotisationExigee && !cotisationReglee) return no('La cotisation n’est pas réglée.')
    return YES
  },
  'eccv.en_cours': ({ etats }, from) => {
    if (!liasseIsThere(etats)) return no('La liasse n’est pas encore reçue.')
    const reopened = from === 'termine_sans_anomalie' || from === 'termine_avec_anomalies'
    return reopened && etats.crm !== 'en_attente' ? no('Le compte rendu est déjà rédigé.') : YES
  },
  'eccv.reponse_a_valider': ({ supervision }) =>
    supervision ? YES : no('Ce cabinet ne supervise pas les réponses de ses collaborateurs.'),
  'eccv.reponse_recue': ({ supervision }, from) =>
    supervision && from === 'questions_posees'
      ? no('La réponse doit d’abord être validée par le superviseur.')
      : YES,
  'eccv.termine_sans_anomalie': ({ etats }) =>
    etats.reception === 'complete' ? YES : no('La liasse n’est pas complète.'),
  'eccv.termine_avec_anomalies': ({ delaiReponseDepasse }, from) =>
    from === 'questions_posees' && !delaiReponseDepasse ? no('Le délai de réponse court encore.') : YES,
  'eps.fichier_detruit': ({ certificatDestruction }) =>
    certificatDestruction ? YES : no('Le certificat de destruction du fichier manque.'),
  'crm.redige': ({ etats }) => (controleIsOver(etats) ? YES : no('Les contrôles ne sont pas terminés.')),
  'crm.transmis_sie': ({ regime }) =>
    regime === 'AGREE'
      ? YES
      : no('Sans agrément, le compte rendu n’est plus transmis au service des impôts.'),
  'dossier_gestion.calcule': ({ etats }) =>
    liasseIsThere(etats) ? YES : no('La liasse n’est pas encore reçue.'),
}
