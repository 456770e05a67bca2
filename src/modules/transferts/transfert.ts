import { datetime } from '../../kernel/formats.ts'
import { Refusal } from '../../kernel/errors.ts'

export const GENRES = {
  liasse: 'Liasse fiscale',
  declaration_2035: 'Déclaration 2035',
  balance: 'Balance',
  fec: 'Fichier des écritures comptables (FEC)',
  tva: 'Déclarations de TVA',
  pieces: 'Pièces justificatives',
  autre: 'Autre document',
} as const

export type Genre = keyof typeof GENRES
export const GENRE_NAMES = Object.keys(GENRES) as [Genre, ...Genre[]]

/** Number of an acknowledgement, which lists read on from. */
export const ACCUSE = /^T-\d{4}-\d{6}$/

export const MAX_FICHIERS = 10

export type Antivirus = 'en_attente' | 'sain' | 'infecte' | 'sans_objet'

export interface Fichier {
  id: string
  nom: string
  mime: string
  taille: number
  sha256: string
  antivirus: Antivirus
  /** When its bytes were erased, its time being over. */
  efface_le: string | null
}

export interface Transfert {
  id: string
  /** Number of the acknowledgement, T-AAAA-000001. */
  accuse: string
  genre: Genre
  adherent_id: string
  depose_le: string
  pris_en_compte_le: string | null
  refuse_le: string | null
  /** Why it was refused, or ''. */
  motif: string
  fichiers: Fichier[]
}

export type Etat = 'recu' | 'en_analyse' | 'infecte' | 'pris_en_compte' | 'refuse'

export function etat(transfert: Pick<Transfert, 'pris_en_compte_le' | 'refuse_le' | 'fichiers'>): Etat {
  if (transfert.refuse_le !== null) return 'refuse'
  if (transfert.pris_en_compte_le !== null) return 'pris_en_compte'
  if (transfert.fichiers.some((fichier) => fichier.antivirus === 'infecte')) return 'infecte'
  if (transfert.fichiers.some((fichier) => fichier.antivirus === 'en_attente')) return 'en_analyse'
  return 'recu'
}

const ETATS: Record<Etat, { libelle: string; genre: string }> = {
  recu: { libelle: 'reçu', genre: 'cours' },
  en_analyse: { libelle: 'en cours d’analyse', genre: 'attente' },
  infecte: { libelle: 'virus détecté', genre: 'erreur' },
  pris_en_compte: { libelle: 'pris en compte', genre: 'succes' },
  refuse: { libelle: 'refusé', genre: 'erreur' },
}

/** The state in a word, with its colour. */
export function pastille(transfert: Pick<Transfert, 'pris_en_compte_le' | 'refuse_le' | 'fichiers'>) {
  return ETATS[etat(transfert)]
}

/** What two people must not do twice. @throws Refusal */
export function mustBeUndecided(transfert: Transfert, decidePar: string | null): void {
  const le = transfert.pris_en_compte_le ?? transfert.refuse_le
  if (le === null) return
  const what = transfert.refuse_le === null ? 'pris en compte' : 'refusé'
  throw new Refusal(
    `Ce transfert a déjà été ${what}${decidePar ? ` par ${decidePar}` : ''}, le ${datetime(le)}.`,
  )
}

/** Files that nobody could open yet are not taken into account. @throws Refusal */
export function mustBeReadable(transfert: Transfert): void {
  const state = etat(transfert)
  if (state === 'infecte') {
    throw new Refusal(
      'Un fichier de ce transfert contient un virus\u00a0: refusez le transfert et demandez un nouvel envoi.',
    )
  }
  if (state === 'en_analyse') {
    throw new Refusal('L’antivirus n’a pas fini d’analyser ce transfert. Réessayez dans quelques minutes.')
  }
}
