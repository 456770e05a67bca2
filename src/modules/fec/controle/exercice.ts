import type { Attendu } from './rapport.ts'
import { UNITE } from './octets.ts'

/** The exercice that a closing date ends: the adhérent's own when it is known, else the twelve months before it. */
export function exerciceDe(
  cloture: string,
  { exercices }: Pick<Attendu, 'exercices'>,
): { debut: string; fin: string } | null {
  if (cloture === '') return null
  const connu = exercices.find(({ fin }) => fin === cloture)
  if (connu) return { debut: connu.debut, fin: connu.fin }
  const veille = new Date(`${cloture}T00:00:00Z`)
  veille.setUTCFullYear(veille.getUTCFullYear() - 1)
  const debut = new Date(veille.getTime() + 86_400_000)
  return { debut: debut.toISOString().slice(0, 10), fin: cloture }
}

/** AAAA-MM-JJ as the number AAAAMMJJ. */
export function nombreDe(iso: string): number {
  return Number(iso.replaceAll('-', ''))
}

/** Ten-thousandths as euros with two decimals, for a sentence. */
export function enEuros(valeur: number): string {
  return `${(valeur / UNITE).toLocaleString('fr-FR', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}\u00a0€`
}
