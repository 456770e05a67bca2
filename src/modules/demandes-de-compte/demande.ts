import { datetime } from '../../kernel/formats.ts'
import { Refusal } from '../../kernel/errors.ts'
import type { Organisme } from '../../kernel/organisme.ts'

/** Where the staff finds them. */
export const LISTE = '/gestion/demandes-de-compte'

export const GENRES = {
  'identifiants-perdus': 'Identifiants perdus',
  'nouveau-compte': 'Nouveau compte',
  'mise-a-jour': 'Mise à jour de compte',
} as const
export type Genre = keyof typeof GENRES

export const ROLES = ['adherent', 'cabinet', 'collaborateur'] as const
export type RoleSouhaite = (typeof ROLES)[number]

/** The roles that may be asked for, in the words of the organisme (F150). */
export function roleChoices(organisme: Organisme): { valeur: RoleSouhaite; libelle: string }[] {
  return organisme.nature === 'editeur'
    ? [
        { valeur: 'cabinet', libelle: 'Administrateur d’établissement' },
        { valeur: 'collaborateur', libelle: 'Agent d’établissement' },
      ]
    : [
        { valeur: 'adherent', libelle: 'Adhérent' },
        { valeur: 'cabinet', libelle: 'Cabinet d’expertise comptable' },
        { valeur: 'collaborateur', libelle: 'Collaborateur d’un cabinet' },
      ]
}

/** How the number is called (F84, F150). */
export function numeroLabel(organisme: Organisme): string {
  return organisme.nature === 'editeur' ? 'Code client' : 'N°\u00a0d’adhérent ou code du cabinet'
}

export type Issue = 'lien-envoye' | 'compte-cree' | 'refusee'

export interface Demande {
  id: string
  genre: Genre
  role_souhaite: RoleSouhaite | ''
  raison_sociale: string
  numero: string
  nom: string
  prenom: string
  courriel: string
  message: string
  demande_le: string
  close_le: string | null
  close_par: string | null
  issue: Issue | null
  motif: string
  verification: string
  utilisateur_id: string | null
}

/** « n° 657 », « CNS 1 » and « cns1 » as the numbers are stored: what is typed around them goes. */
export function numeroSaisi(typed: string): string {
  return typed
    .replace(/^\s*n\s*[°ºo.]\s*/i, '')
    .replace(/[\s.]/g, '')
    .toUpperCase()
}

/** How the staff made sure of the person, when the address that he gives is not the one that we know. */
export const VERIFICATIONS = ['telephone', 'cabinet', 'sur-place'] as const
export type Verification = (typeof VERIFICATIONS)[number]

export function verificationChoices(organisme: Organisme): { valeur: Verification; libelle: string }[] {
  const { cabinet } = organisme.vocabulaire
  return [
    { valeur: 'telephone', libelle: 'Je l’ai rappelé au numéro de téléphone de sa fiche' },
    { valeur: 'cabinet', libelle: `Son ${cabinet} me l’a confirmé` },
    { valeur: 'sur-place', libelle: 'Il est venu avec une pièce d’identité' },
  ]
}

/** Where the link leaves for: the address that we know, or the one that the person asks for. */
export type Destination = 'connue' | 'demandee'

export interface Envoi {
  courriel: string
  /** The address in force changes: its owner must be told at the old one. */
  change: boolean
}

/**
 * Where an activation link goes. Whoever writes from another address than the one we know may be anybody: the person
 * is confirmed by another way first, and only then may the link go to the new address. @throws Refusal
 */
export function envoiDe(
  asked: string,
  known: string,
  form: { destination?: Destination | undefined; verification?: Verification | undefined },
): Envoi {
  if (memeAdresse(asked, known)) return { courriel: known, change: false }
  if (form.verification === undefined) {
    throw new Refusal(
      'L’adresse de la demande n’est pas celle que nous connaissons\u00a0: confirmez la personne par un autre moyen.',
      'verification',
    )
  }
  if (known === '') return { courriel: asked, change: true }
  if (form.destination === undefined) throw new Refusal('Choisissez où envoyer le lien.', 'destination')
  return form.destination === 'demandee'
    ? { courriel: asked, change: true }
    : { courriel: known, change: false }
}

export function memeAdresse(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

const FAITE: Record<Issue, string> = {
  'lien-envoye': 'un lien d’activation a été envoyé',
  'compte-cree': 'un compte a été créé',
  refusee: 'elle a été refusée',
}

/** A request is decided once. @param par the name of whoever was first @throws Refusal */
export function refuseClosed(demande: Pick<Demande, 'issue' | 'close_le'>, par: string | null): void {
  if (demande.issue === null) return
  const who = par === null ? '' : ` par ${par}`
  throw new Refusal(
    `Cette demande a déjà été traitée${who}, le ${datetime(demande.close_le)}\u00a0: ${FAITE[demande.issue]}. Rien n’a été changé.`,
  )
}

const ETATS: Record<Issue | 'attente', { libelle: string; genre: string }> = {
  attente: { libelle: 'À traiter', genre: 'attente' },
  'lien-envoye': { libelle: 'Lien envoyé', genre: 'succes' },
  'compte-cree': { libelle: 'Compte créé', genre: 'succes' },
  refusee: { libelle: 'Refusée', genre: 'erreur' },
}

/** The word of a status and the colour of its pill. */
export function etatDe(issue: Issue | null): { libelle: string; genre: string } {
  return ETATS[issue ?? 'attente']
}
