import type { Profil } from './colonnes.ts'
import type { Constat } from './constats.ts'
import type { FinDeLigne } from './lignes.ts'

/** What is known of whose file it is. */
export interface Attendu {
  /** '' when it is not known. */
  siren: string
  categorie: 'BIC' | 'BNC' | 'BA' | 'IS'
  /** Exercices of the adhérent, AAAA-MM-JJ. */
  exercices: readonly { debut: string; fin: string }[]
}

export interface JournalLu {
  code: string
  libelle: string
  lignes: number
  /** In euros. */
  debit: number
  credit: number
}

export type Encodage = 'ASCII' | 'UTF-8' | 'ISO 8859-15' | 'Windows-1252'

/** What the check of one file found. Plain data: it crosses a thread and is kept as JSON. */
export interface Rapport {
  nom: string
  taille: number
  /** Lines of entries, without the header. */
  lignes: number
  ecritures: number
  encodage: Encodage
  bom: boolean
  separateur: string
  finDeLigne: FinDeLigne
  colonnes: number
  supplementaires: string[]
  profil: Profil
  montantSens: boolean
  /** In euros. */
  debit: number
  credit: number
  /** Accounts 7 less accounts 6, in euros. */
  resultat: number
  premiere: string
  derniere: string
  cloture: string
  exercice: { debut: string; fin: string } | null
  journaux: JournalLu[]
  constats: Constat[]
  /** What could not be checked to the end, in sentences. */
  limites: string[]
}

/** Is the file refused, are data missing, is the header whole: the eight conclusions of the DGFiP's tool. */
export interface Conclusion {
  conforme: boolean
  donnees: boolean
  entete: boolean
}

const ENTETE = ['entete_absente', 'entete_incomplete', 'illisible', 'separateur']

export function conclure(rapport: Pick<Rapport, 'constats'>): Conclusion {
  const { constats } = rapport
  const entete = !constats.some(({ code }) => ENTETE.includes(code))
  return {
    conforme: !constats.some(({ code, gravite }) => gravite === 'erreur' && !ENTETE.includes(code)),
    donnees: !constats.some(({ gravite }) => gravite === 'absence'),
    entete,
  }
}
