import { siret } from '../../../kernel/formats.ts'
import { type Mouvement, RAISONS } from './mouvement.ts'

/** A line of a pending zone or of a sent list. */
export function ligne(m: Mouvement) {
  return { ...m, siretLisible: siret(m.siret), raisonLibelle: m.raison === '' ? '' : RAISONS[m.raison] }
}

export function etatDe(l: { acceptee_le: string | null; refusee_le: string | null }): {
  libelle: string
  genre: string
} {
  if (l.acceptee_le !== null) return { libelle: 'acceptée', genre: 'succes' }
  if (l.refusee_le !== null) return { libelle: 'refusée', genre: 'erreur' }
  return { libelle: 'envoyée, à l’étude', genre: 'attente' }
}
