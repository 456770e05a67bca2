/** The categories of the guide (F86), in its order. */
export const CATEGORIES = {
  actualite: 'Actualité',
  evenement: 'Évènement',
  information: 'Information',
  newsletter: 'Newsletter',
  partenariat: 'Partenariat',
  texte_legal: 'Texte légal',
} as const

export type Categorie = keyof typeof CATEGORIES

export interface Actualite {
  id: string
  titre: string
  chapo: string
  categorie: Categorie
  /** First day that it is shown, which is also its date. */
  visible_du: string
  epinglee: boolean
}

/** The choices of the filter, « Toutes » first. */
export function categoryFilter(): { valeur: string; libelle: string }[] {
  const choices = Object.entries(CATEGORIES).map(([valeur, libelle]) => ({ valeur, libelle }))
  return [{ valeur: '', libelle: 'Toutes' }, ...choices]
}
