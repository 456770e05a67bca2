import { addDays, addMonths, type Jour } from './calendrier.ts'
import type { ParametresLegaux } from './echeances.ts'

export interface Exercice {
  debut: Jour
  fin: Jour
}

export interface Adhesion {
  depuis: Jour
  /** Never a member of any organisme before. */
  premiere: boolean
  /** Day on which membership of another organisme ended, when there was one. */
  demissionAilleurs: Jour | null
  /** Day on which membership here was lost. */
  perdueLe: Jour | null
}

export interface Couverture {
  statut: 'annee_entiere' | 'partielle' | 'aucune'
  /** The part of the exercice during which the member belonged; null when there is none. */
  periode: Exercice | null
}

/**
 * How far a membership covers an exercice (annexe II, 371 L and 371 W). A late start still counts for the whole year
 * for a first adhésion made less than five months after the year opened, and for a move between organismes
 * within thirty days; a loss before the clôture never does.
 */
export function couverture(exercice: Exercice, adhesion: Adhesion, p: ParametresLegaux): Couverture {
  const du = adhesion.depuis > exercice.debut ? adhesion.depuis : exercice.debut
  const au = adhesion.perdueLe !== null && adhesion.perdueLe < exercice.fin ? adhesion.perdueLe : exercice.fin
  if (du > au) return { statut: 'aucune', periode: null }
  const soonEnough =
    adhesion.depuis <= exercice.debut ||
    (adhesion.premiere && adhesion.depuis < addMonths(exercice.debut, p.adhesionMois)) ||
    (adhesion.demissionAilleurs !== null &&
      adhesion.depuis <= addDays(adhesion.demissionAilleurs, p.transfertJours))
  const whole = soonEnough && au === exercice.fin
  return { statut: whole ? 'annee_entiere' : 'partielle', periode: { debut: du, fin: au } }
}
