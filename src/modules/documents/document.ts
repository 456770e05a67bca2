import type { Etats, Track } from '../clotures/cloture.ts'

export const GENRES = ['attestation', 'compte_rendu', 'dossier_gestion'] as const
/** The three documents of a clôture. */
export type Genre = (typeof GENRES)[number]

export interface Document {
  id: string
  adherent_id: string
  cloture_id: string | null
  genre: Genre | 'autre'
  titre: string
  numero: string | null
  origine: 'genere' | 'depose'
  emis_le: string
  publie_le: string | null
  remplace_id: string | null
  remplace_le: string | null
  retire_le: string | null
  retire_motif: string
}

export type EtatDocument = 'en_preparation' | 'publie' | 'remplace' | 'retire'

export function etatOf(document: Document): EtatDocument {
  if (document.retire_le !== null) return 'retire'
  if (document.remplace_le !== null) return 'remplace'
  return document.publie_le === null ? 'en_preparation' : 'publie'
}

/** The track of a clôture that a document moves. */
export const TRACK_OF: Record<Genre, Track> = {
  attestation: 'attestation',
  compte_rendu: 'crm',
  dossier_gestion: 'dossier_gestion',
}

type Steps = { [T in Track]?: Partial<Record<Etats[T], Etats[T][]>> }

/** What issuing a document does to its track, state by state. */
const ON_ISSUE: Steps = {
  crm: {
    en_attente: ['redige'],
    envoye_adherent: ['rectificatif'],
    transmis_sie: ['rectificatif'],
    ar_sie: ['rectificatif'],
  },
  dossier_gestion: {
    a_faire: ['calcule', 'commente'],
    calcule: ['commente'],
    publie: ['calcule', 'commente'],
    consulte: ['calcule', 'commente'],
  },
}

/** What publishing it does. */
const ON_PUBLISH: Steps = {
  attestation: {
    a_emettre: ['emise'],
    emise: ['annulee', 'a_emettre', 'emise'],
    consultee: ['annulee', 'a_emettre', 'emise'],
    annulee: ['a_emettre', 'emise'],
  },
  crm: {
    redige: ['signe', 'envoye_adherent'],
    signe: ['envoye_adherent'],
    rectificatif: ['signe', 'envoye_adherent'],
  },
  dossier_gestion: { commente: ['publie'] },
}

/** What withdrawing the good one, or the one in preparation, does. */
const ON_WITHDRAW: Steps = {
  attestation: { emise: ['annulee'], consultee: ['annulee'] },
  crm: {
    redige: ['en_attente'],
    envoye_adherent: ['rectificatif'],
    transmis_sie: ['rectificatif'],
    ar_sie: ['rectificatif'],
  },
  dossier_gestion: { commente: ['calcule'], publie: ['calcule'], consulte: ['calcule'] },
}

export function stepsOnWithdraw(genre: Genre, from: string): string[] {
  return stepsOf(ON_WITHDRAW, genre, from)
}

export function stepsOnIssue(genre: Genre, from: string): string[] {
  return stepsOf(ON_ISSUE, genre, from)
}

export function stepsOnPublish(genre: Genre, from: string): string[] {
  return stepsOf(ON_PUBLISH, genre, from)
}

function stepsOf(steps: Steps, genre: Genre, from: string): string[] {
  return (steps[TRACK_OF[genre]] as Record<string, string[]> | undefined)?.[from] ?? []
}
