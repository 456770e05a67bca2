import { Refusal } from '../../../kernel/errors.ts'

export const RAISONS = {
  cessation: 'Cessation d’activité',
  retraite: 'Départ à la retraite',
  deces: 'Décès',
  changement: 'Changement de cabinet',
  autre: 'Autre raison',
} as const
export type Raison = keyof typeof RAISONS
export const RAISON_NAMES = Object.keys(RAISONS) as [Raison, ...Raison[]]

/** After these the client has left the organisme too; after the others he only changes firms. */
export const FINS: readonly Raison[] = ['cessation', 'retraite', 'deces']

/** A client who comes or goes, as the firm tells it. */
export interface Mouvement {
  id: string
  genre: 'arrivee' | 'depart'
  adherent_id: string | null
  numero: string
  nom: string
  siret: string
  profession: string
  le: string
  raison: Raison | ''
  precision: string
  venant_d_ailleurs: boolean
  liste_id: string | null
}

/** What the organisme knows of somebody who is announced; `chez` says whose client he is, never which firm's. */
export interface Connu {
  adherent_id: string
  siret: string
  numero: string
  recherche: string
  chez: 'nous' | 'parti' | 'personne' | 'ailleurs'
}

export interface Annonce {
  numero: string
  nom: string
  siret: string
}

export type Verdict =
  | { genre: 'nouveau'; connu: Connu | null }
  | { genre: 'ailleurs'; connu: Connu }
  | { genre: 'deja'; connu: Connu }
  | { genre: 'faute'; champ: 'numero' | 'siret'; phrase: string }

/** Names that say the same: accents, case, punctuation and the order of words do not count. */
export function memeNom(a: string, b: string): boolean {
  const key = (text: string) =>
    text
      .normalize('NFD')
      .replace(/\p{Diacritic}/gu, '')
      .replace(/œ/gi, 'oe')
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter(Boolean)
      .sort()
      .join(' ')
  return key(a) === key(b)
}

/**
 * What becomes of an announced client, from what the organisme knows. A number that is somebody's under another name is
 * answered as one that nobody has: numbers cannot be tried out.
 */
export function judge(annonce: Annonce, connus: readonly Connu[]): Verdict {
  const bySiret = connus.find((c) => c.siret === annonce.siret)
  const byNumero = annonce.numero === '' ? undefined : connus.find((c) => c.numero === annonce.numero)
  if (bySiret?.chez === 'nous') return { genre: 'deja', connu: bySiret }
  if (byNumero?.chez === 'nous') return { genre: 'deja', connu: byNumero }
  if (annonce.numero !== '' && (!byNumero || !memeNom(byNumero.recherche, annonce.nom))) {
    const phrase =
      `Aucun adhérent n°\u00a0${annonce.numero} ne porte ce nom. Vérifiez le numéro et le nom, ` +
      'ou laissez le numéro vide si votre client n’est pas encore adhérent.'
    return { genre: 'faute', champ: 'numero', phrase }
  }
  if (bySiret && byNumero && bySiret.adherent_id !== byNumero.adherent_id) {
    const phrase = 'Ce SIRET et ce numéro ne sont pas ceux d’un même adhérent.'
    return { genre: 'faute', champ: 'siret', phrase }
  }
  const connu = bySiret ?? byNumero
  if (connu?.chez === 'ailleurs') return { genre: 'ailleurs', connu }
  return { genre: 'nouveau', connu: connu ?? null }
}

export const AILLEURS = 'Ce client est déjà suivi par un autre cabinet.'

/** @throws Refusal in words, at the field that is wrong */
export function refuseUnlessAddable(annonce: Annonce, verdict: Verdict, confirme: boolean): void {
  if (verdict.genre === 'faute') throw new Refusal(verdict.phrase, verdict.champ)
  if (verdict.genre === 'deja') {
    const bySiret = verdict.connu.siret === annonce.siret
    throw new Refusal(
      `${bySiret ? 'Ce SIRET' : 'Ce numéro'} est celui d’un client de votre liste, l’adhérent n°\u00a0${verdict.connu.numero}.`,
      bySiret ? 'siret' : 'numero',
    )
  }
  if (verdict.genre === 'ailleurs' && !confirme) {
    throw new Refusal(`${AILLEURS} S’il vous a confié son dossier, cochez la case ci-dessous.`, 'confirme')
  }
}

export const DEJA_EN_ATTENTE =
  'Ce client est déjà parmi vos mises à jour, en préparation ou envoyées et pas encore traitées.'
