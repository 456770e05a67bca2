import type { Diffusion } from '../clotures/statistiques.ts'

/*
 * Figures of a profession, for a year, a territory, a band of turnover: one line for each poste.
 */

export type Unite = 'euros' | 'pourcent'

/** Every poste, in the order of a page. */
export const POSTES = {
  recettes: { libelle: 'Chiffre d’affaires ou recettes', unite: 'euros' },
  achats: { libelle: 'Achats', unite: 'euros' },
  marge_brute: { libelle: 'Marge brute', unite: 'pourcent' },
  personnel: { libelle: 'Frais de personnel', unite: 'euros' },
  loyers: { libelle: 'Loyers', unite: 'euros' },
  vehicule: { libelle: 'Véhicule et déplacements', unite: 'euros' },
  charges_sociales: { libelle: 'Charges sociales personnelles', unite: 'euros' },
  amortissements: { libelle: 'Amortissements', unite: 'euros' },
  ebe: { libelle: 'Excédent brut d’exploitation', unite: 'euros' },
  resultat: { libelle: 'Résultat', unite: 'euros' },
  evolution: { libelle: 'Évolution sur un an', unite: 'pourcent' },
} as const satisfies Record<string, { libelle: string; unite: Unite }>

export type Poste = keyof typeof POSTES
export const postes = Object.keys(POSTES) as Poste[]

export interface Cle {
  profession: string
  categorie: string
  annee: number
  /** Empty: the whole country. */
  region: string
  /** Empty: every turnover. */
  tranche: string
  poste: Poste
}

export interface Valeurs {
  moyenne: number | null
  q1: number | null
  mediane: number | null
  q3: number | null
}

/** What came in a file. */
export interface Recue extends Cle, Valeurs {
  effectif: number
  /** Percents of the total that the largest business holds. */
  part_max: number | null
}

/** What members and cabinets read: no figure unless `diffusable`. */
export interface Publiee extends Cle, Valeurs {
  effectif: number
  diffusion: Diffusion
}

export function keyOf({ profession, categorie, annee, region, tranche, poste }: Cle): string {
  return [profession, categorie, annee, region, tranche, poste].join('\u0001')
}
