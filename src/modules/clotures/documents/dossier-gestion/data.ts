import type { Cases } from '../../declaration-2035.ts'
import type { Bilan, CompteResultat, Mouvements } from '../../soldes.ts'
import type { Diffusion, Quartiles } from '../../statistiques.ts'
import type { Socle } from '../emetteur.ts'

/** Dossier de gestion: one to three years of a business beside its profession (arrêté in BOI-ANNX-000402). */
export type DossierGestionData = Socle & {
  profession: Profession | null
  /** Written by the permanent, one paragraph each. */
  commentaires: string[]
} & ({ categorie: 'BIC' | 'BA'; annees: AnneeBic[] } | { categorie: 'BNC'; annees: AnneeBnc[] })

/** Oldest first; « 2025 », or « 06/2025 » for a year that ends in June. */
export interface Annee {
  libelle: string
  /** What the owner took out, and the cash at the end. */
  prelevements: number | null
  tresorerie: number | null
}

export interface AnneeBic extends Annee {
  compte: Partial<CompteResultat>
  bilan: Bilan | null
  mouvements: Omit<Mouvements, 'autofinancement'> | null
}

export interface AnneeBnc extends Annee {
  cases: Cases
}

export interface Profession {
  nom: string
  /** « région Nouvelle-Aquitaine, 2025 » */
  portee: string
  effectif: number
  diffusion: Diffusion
  /** By key of a line: mean, in percents of the turnover or recettes. */
  moyennes: Record<string, number | null>
  /** Euros. */
  recettes: Quartiles | null
  resultat: Quartiles | null
}
