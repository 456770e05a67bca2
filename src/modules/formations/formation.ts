import { dayInFrance } from '../../kernel/clock.ts'
import { heure, isoDay, jour, majuscule, nombre, pluriel } from '../../kernel/formats.ts'

export interface Formation {
  id: string
  titre: string
  resume: string
  lieu: string
  adresse: string[]
  /** Instants. */
  debut: string
  fin: string
  duree_minutes: number
  places: number
  inscrits: number
  /** Whether the adhérent who asks is enrolled. */
  inscrit: boolean
}

export interface FormationFiche extends Formation {
  programme: string
  public_vise: string
  intervenant: string
  tarif: string
}

export type Genre = 'neutre' | 'cours' | 'succes' | 'alerte'

export function placesLeft(formation: Formation): number {
  return formation.places - formation.inscrits
}

export function hasBegun(formation: Formation, now: Date): boolean {
  return Date.parse(formation.debut) <= now.getTime()
}

/** Until the day before, in France. @param today AAAA-MM-JJ */
export function mayCancel(formation: Formation, today: string): boolean {
  return formation.inscrit && dayInFrance(new Date(formation.debut)) > today
}

/** The word of its state, for the person who asks. */
export function statut(formation: Formation, now: Date): { libelle: string; genre: Genre } {
  if (formation.inscrit) return { libelle: 'inscrit', genre: 'succes' }
  if (hasBegun(formation, now)) return { libelle: 'passée', genre: 'neutre' }
  if (placesLeft(formation) === 0) return { libelle: 'complet', genre: 'alerte' }
  return { libelle: 'ouverte', genre: 'cours' }
}

/** « 7 h », « 3 h 30 », « 45 min ». */
export function duree(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return `${rest}\u00a0min`
  return `${hours}\u00a0h${rest === 0 ? '' : `\u00a0${String(rest).padStart(2, '0')}`}`
}

/** « 3 places sur 12 »: what is left. */
export function placesSentence(formation: Formation): string {
  return `${pluriel(placesLeft(formation), 'place', 'places')} sur ${nombre(formation.places, 0)}`
}

/** « Mardi 3 février 2026, de 9 h 30 à 17 h 00 », or from one day to another. */
export function horaires({ debut, fin }: Formation): string {
  if (isoDay(debut) === isoDay(fin)) return `${majuscule(jour(debut))}, de ${heure(debut)} à ${heure(fin)}`
  return `Du ${jour(debut)} à ${heure(debut)} au ${jour(fin)} à ${heure(fin)}`
}
