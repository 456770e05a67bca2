import type { Publication } from './queries.ts'

/** Where a campaign is, in a word. */
export function etatOf(p: Publication): { libelle: string; genre: string } {
  if (p.annulee_le !== null)
    return { libelle: p.confirmee_le === null ? 'Abandonnée' : 'Annulée', genre: 'neutre' }
  if (p.terminee_le !== null) return { libelle: p.publier ? 'Publiée' : 'Documents prêts', genre: 'succes' }
  if (p.publiee_le !== null) return { libelle: 'Publiée, courriels en cours', genre: 'cours' }
  if (p.confirmee_le !== null)
    return p.publier_le === null
      ? { libelle: 'En cours', genre: 'cours' }
      : { libelle: 'Programmée', genre: 'attente' }
  return p.verifiee_le === null
    ? { libelle: 'Essai en cours', genre: 'cours' }
    : { libelle: 'À confirmer', genre: 'attente' }
}

/** Neither confirmed nor given up: what it holds may still be corrected. */
export const isOpen = (p: Publication): boolean => p.confirmee_le === null && p.annulee_le === null
