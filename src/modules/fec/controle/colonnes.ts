/* The columns of a FEC (LPF A47 A-1, VII and VIII) and what the first line of a file says of its own. */

export const ARRETE = [
  'JournalCode', 'JournalLib', 'EcritureNum', 'EcritureDate', 'CompteNum', 'CompteLib', 'CompAuxNum', 'CompAuxLib',
  'PieceRef', 'PieceDate', 'EcritureLib', 'Debit', 'Credit', 'EcritureLet', 'DateLet', 'ValidDate', 'Montantdevise',
  'Idevise',
] as const // prettier-ignore
const TRESORERIE = ['DateRglt', 'ModeRglt', 'NatOp'] as const
const TOUTES = [...ARRETE, ...TRESORERIE, 'IdClient', 'Montant', 'Sens'] as const

export type Colonne = (typeof TOUTES)[number]

/** Names of the DGFiP's tool: 18 columns, 21 of a farmer's cash accounts, 22 of a liberal professional's. */
export type Profil = 'BIC' | 'COM' | 'BAT' | 'BNCT'

/** What each profile must have on every line (blocking), and what is only told as absent. */
const OBLIGATOIRES: readonly Colonne[] = ['EcritureNum', 'EcritureDate', 'CompteNum']
const EXIGENCES: Record<Profil, { bloquantes: readonly Colonne[]; attendues: readonly Colonne[] }> = {
  BIC: { bloquantes: OBLIGATOIRES, attendues: ['JournalCode', 'JournalLib', 'CompteLib', 'PieceRef', 'PieceDate', 'EcritureLib', 'ValidDate'] },
  COM: { bloquantes: OBLIGATOIRES, attendues: ['JournalCode', 'JournalLib', 'CompteLib', 'PieceRef', 'PieceDate', 'EcritureLib', 'ValidDate'] },
  BAT: { bloquantes: [...OBLIGATOIRES, 'CompteLib', 'EcritureLib'], attendues: ['PieceRef', 'PieceDate'] },
  BNCT: { bloquantes: [...OBLIGATOIRES, 'CompteLib', 'EcritureLib'], attendues: ['PieceRef', 'PieceDate'] },
} // prettier-ignore

export interface Entete {
  /** Place of each column that is there, from 0. */
  places: Partial<Record<Colonne, number>>
  /** Names that the profile asks for and that are not there. */
  manquantes: Colonne[]
  /** Names in the file that the text does not know. */
  supplementaires: string[]
  profil: Profil
  /** Fields of the first line: every line must have as many. */
  nombre: number
  ordre: boolean
  /** « Montant » and « Sens » in place of « Debit » and « Credit » (X). */
  montantSens: boolean
  separateurFinal: boolean
  bloquantes: readonly Colonne[]
  attendues: readonly Colonne[]
}

const CONNUES = new Map<string, Colonne>(TOUTES.map((nom) => [nom.toUpperCase(), nom]))

/** Accents and case do not matter; what is no letter or digit becomes « _ » (as the DGFiP's tool does). */
function normaliser(nom: string): string {
  return nom
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]/g, '_')
    .toUpperCase()
}

/** @param tresorerie whether an 18-column file is that of commercial accounts kept by a BNC or BA (COM). */
export function lireEntete(noms: readonly string[], commercial: boolean): Entete {
  const places: Partial<Record<Colonne, number>> = {}
  const supplementaires: string[] = []
  for (const [i, nom] of noms.entries()) {
    const connue = CONNUES.get(normaliser(nom))
    if (connue === undefined) {
      if (nom !== '') supplementaires.push(nom)
    } else places[connue] ??= i
  }
  const montantSens = places.Montant !== undefined && places.Sens !== undefined && places.Debit === undefined
  const extras = [...TRESORERIE, 'IdClient' as const].filter((nom) => places[nom] !== undefined)
  const profil: Profil =
    places.IdClient !== undefined ? 'BNCT' : extras.length > 0 ? 'BAT' : commercial ? 'COM' : 'BIC'
  const attendues: Colonne[] = ARRETE.map((nom): Colonne => {
    if (!montantSens) return nom
    return nom === 'Debit' ? 'Montant' : nom === 'Credit' ? 'Sens' : nom
  })
  if (extras.length > 0) attendues.push(...TRESORERIE)
  if (profil === 'BNCT') attendues.push('IdClient')
  const manquantes = attendues.filter((nom) => places[nom] === undefined)
  const suite = attendues.map((nom) => places[nom]).filter((place) => place !== undefined)
  return {
    places,
    manquantes,
    supplementaires,
    profil,
    nombre: noms.length,
    ordre: suite.every((place, i) => i === 0 || place > suite[i - 1]!),
    montantSens,
    separateurFinal: noms.length > 1 && noms.at(-1) === '',
    bloquantes: EXIGENCES[profil].bloquantes,
    attendues: EXIGENCES[profil].attendues,
  }
}
