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

export type Etat = 'brouillon' | 'programmee' | 'publiee' | 'expiree' | 'retiree'

/** What staff calls it, and how its pill looks. */
export const ETATS: Record<
  Etat,
  { libelle: string; genre: 'neutre' | 'cours' | 'attente' | 'succes' | 'alerte' }
> = {
  brouillon: { libelle: 'brouillon', genre: 'attente' },
  programmee: { libelle: 'programmée', genre: 'cours' },
  publiee: { libelle: 'publiée', genre: 'succes' },
  expiree: { libelle: 'expirée', genre: 'neutre' },
  retiree: { libelle: 'retirée', genre: 'alerte' },
}

/** @param today AAAA-MM-JJ */
export function etatOf(
  news: {
    publiee_le: string | null
    retiree_le: string | null
    visible_du: string
    visible_au: string | null
  },
  today: string,
): Etat {
  if (news.publiee_le === null) return 'brouillon'
  if (news.retiree_le !== null) return 'retiree'
  if (news.visible_au !== null && news.visible_au < today) return 'expiree'
  return news.visible_du > today ? 'programmee' : 'publiee'
}
