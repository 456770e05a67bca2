/** How many lines are shown of one kind of finding; all are counted. */
export const LIGNES_MONTREES = 10

/**
 * `erreur`: the DGFiP's tool refuses the file. `absence`: it takes the file and says that data are missing. `alerte`: it
 * takes the file with a warning. `qualite`: our own checks. `note`: worth knowing.
 */
export type Gravite = 'erreur' | 'absence' | 'alerte' | 'qualite' | 'note'

const CODES = {
  illisible: 'erreur',
  vide: 'erreur',
  separateur: 'erreur',
  entete_absente: 'erreur',
  entete_incomplete: 'erreur',
  champs_nombre: 'erreur',
  ligne_vide: 'erreur',
  ligne_longue: 'erreur',
  obligatoire_vide: 'erreur',
  nombre_point: 'erreur',
  nombre_milliers: 'erreur',
  nombre_illisible: 'erreur',
  sens_illisible: 'erreur',
  date_impossible: 'erreur',
  date_illisible: 'erreur',
  donnee_absente: 'absence',
  compte_chiffres: 'alerte',
  debit_et_credit: 'alerte',
  debit_credit_nuls: 'alerte',
  date_siecle: 'alerte',
  date_forme: 'alerte',
  ordre_colonnes: 'alerte',
  encodage_1252: 'alerte',
  encodage_melange: 'alerte',
  nom_forme: 'alerte',
  nom_date: 'alerte',
  separateur_final: 'note',
  ecriture_desequilibree: 'qualite',
  total_desequilibre: 'qualite',
  hors_exercice: 'qualite',
  validation_avant: 'qualite',
  ordre_validation: 'qualite',
  numerotation: 'qualite',
  doublon: 'qualite',
  lettrage_sans_date: 'qualite',
  dates_multiples: 'qualite',
  devise: 'qualite',
  comptes_soldes: 'qualite',
  nom_siren: 'qualite',
  nom_adherent: 'qualite',
  nom_cloture: 'qualite',
  colonnes_bnc: 'qualite',
  resultat: 'qualite',
} as const satisfies Record<string, Gravite>

export type Code = keyof typeof CODES
export const CODES_CONNUS = Object.keys(CODES) as Code[]

export function graviteDe(code: Code): Gravite {
  return CODES[code]
}

export interface Constat {
  code: Code
  gravite: Gravite
  /** Column, or '' when it is about the file. */
  champ: string
  nombre: number
  /** The first ones: number of the line (0: the file), and what stands there. */
  lignes: { n: number; texte: string }[]
}

/** Findings by kind and column: each kind costs the same memory, however often it comes. */
export class Constats {
  private readonly connus = new Map<string, Constat>()

  /** @param texte made only for the lines that are shown */
  ajouter(code: Code, n: number, texte: string | (() => string) = '', champ = '', nombre = 1): void {
    const cle = champ === '' ? code : `${code}:${champ}`
    let constat = this.connus.get(cle)
    if (!constat) {
      constat = { code, gravite: CODES[code], champ, nombre: 0, lignes: [] }
      this.connus.set(cle, constat)
    }
    constat.nombre += nombre
    if (constat.lignes.length < LIGNES_MONTREES) {
      constat.lignes.push({ n, texte: typeof texte === 'string' ? texte : texte() })
    }
  }

  /** In the order of their gravity, then of the list above. */
  liste(): Constat[] {
    const rang = (constat: Constat) =>
      GRAVITES.indexOf(constat.gravite) * 100 + CODES_CONNUS.indexOf(constat.code)
    return [...this.connus.values()].sort((x, y) => rang(x) - rang(y))
  }
}

export const GRAVITES: readonly Gravite[] = ['erreur', 'absence', 'alerte', 'qualite', 'note']
