import type { Role } from '../../kernel/db.ts'

/** The kinds of a courrier, in the order in which « Type de courrier » sorts them. */
export const GENRES = [
  'questions_eccv',
  'demande_pieces',
  'demande_eps',
  'relance',
  'mise_en_demeure',
  'attestation',
  'crm',
  'dossier_gestion',
  'information',
  'appel_cotisation',
  'convocation_ag',
  'formation',
] as const
export type Genre = (typeof GENRES)[number]

export const LIBELLES: Record<Genre, string> = {
  questions_eccv: 'Courrier de questions',
  demande_pieces: 'Demande de pièces',
  demande_eps: 'Examen périodique de sincérité',
  relance: 'Relance',
  mise_en_demeure: 'Mise en demeure',
  attestation: 'Attestation',
  crm: 'Compte rendu de mission',
  dossier_gestion: 'Dossier de gestion',
  information: 'Information',
  appel_cotisation: 'Appel de cotisation',
  convocation_ag: 'Convocation à l’assemblée générale',
  formation: 'Formation',
}

/** Kind and subject; the subject alone when it names its kind. */
export function intituleOf({ genre, objet }: Pick<Courrier, 'genre' | 'objet'>): string {
  const libelle = LIBELLES[genre]
  return objet.toLowerCase().startsWith(libelle.toLowerCase()) ? objet : `${libelle} : ${objet}`
}

/** The two sides that a courrier can reach: the adhérent, or the people of his cabinet. */
export type Cote = 'adherent' | 'cabinet'

export function coteOf(role: Role): Cote {
  return role === 'adherent' ? 'adherent' : 'cabinet'
}

export interface Courrier {
  id: string
  numero: string | null
  adherent_id: string | null
  structure_id: string | null
  destinataire: Cote
  genre: Genre
  objet: string
  a_repondre_avant: string | null
  origine_id: string | null
  publie_le: string | null
  repondu_le: string | null
  archive_adherent_le: string | null
  archive_cabinet_le: string | null
  clos_le: string | null
}

/** Does it still want an answer, from whichever side? */
export function awaitsAnswer(
  courrier: Pick<Courrier, 'a_repondre_avant' | 'repondu_le' | 'clos_le'>,
): boolean {
  return courrier.a_repondre_avant !== null && courrier.repondu_le === null && courrier.clos_le === null
}

/** What of a courrier decides what is said of it beside its title. */
export interface Marques extends Pick<
  Courrier,
  'destinataire' | 'a_repondre_avant' | 'repondu_le' | 'clos_le'
> {
  /** First reading by whoever looks. */
  lu_le: string | null
  a_valider: boolean
  brouillon: boolean
  repondues: number
  questions: number
}

/** Each marker is an icon with its words (F40 to F47): colour alone says nothing. */
export interface Marque {
  icone: string
  texte: string
  genre: string
}

/** Where the answer stands, in one marker, for somebody of that side. */
export function marqueReponse(courrier: Marques, cote: Cote): Marque | null {
  if (courrier.a_repondre_avant === null) return null
  if (courrier.repondu_le !== null) return { icone: 'circle-check', texte: 'répondu', genre: 'succes' }
  if (courrier.clos_le !== null) return { icone: 'archive', texte: 'clos sans réponse', genre: 'neutre' }
  const partly = courrier.repondues > 0 ? ` (${courrier.repondues} sur ${courrier.questions})` : ''
  if (courrier.destinataire !== cote)
    return { icone: 'clock', texte: `courrier en attente de réponses${partly}`, genre: 'attente' }
  if (courrier.a_valider)
    return { icone: 'clipboard-check', texte: 'réponse en attente de validation', genre: 'cours' }
  if (courrier.lu_le === null) return null
  const draft = courrier.brouillon ? ', brouillon enregistré' : ''
  return { icone: 'mail-opened', texte: `lu, en cours de réponse${partly}${draft}`, genre: 'cours' }
}

/** « Copie du document envoyé à l’adhérent » (F43), seen from the side to which it was not addressed. */
export function marqueCopie(destinataire: Cote, cote: Cote): Marque | null {
  if (destinataire === cote) return null
  const texte =
    cote === 'cabinet' ? 'copie du document envoyé à l’adhérent' : 'copie du document envoyé à votre cabinet'
  return { icone: 'copy', texte, genre: 'neutre' }
}
