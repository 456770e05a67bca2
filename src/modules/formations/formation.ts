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
  /** People on the waiting list. */
  attente: number
  annulee_le: string | null
  /** Whether the adhérent who asks has a place, or waits for one. */
  inscrit: boolean
  en_attente: boolean
}

export interface FormationFiche extends Formation {
  programme: string
  public_vise: string
  intervenant: string
  tarif: string
  motif_annulation: string
  /** On the waiting list, 1 is the next one; null when he does not wait. */
  rang: number | null
  presence: 'present' | 'absent' | null
}

export type Genre = 'neutre' | 'cours' | 'succes' | 'alerte'

export function placesLeft(formation: Formation): number {
  return formation.places - formation.inscrits
}

/** A place given back goes to those who wait: whoever comes now stands behind them. */
export function isFull(formation: Formation): boolean {
  return placesLeft(formation) === 0 || formation.attente > 0
}

export function hasBegun(formation: Pick<Formation, 'debut'>, now: Date): boolean {
  return Date.parse(formation.debut) <= now.getTime()
}

/** Until the day before, in France; whoever only waits, at any time. @param today AAAA-MM-JJ */
export function mayCancel(formation: Formation, today: string): boolean {
  if (formation.en_attente) return true
  return formation.inscrit && dayInFrance(new Date(formation.debut)) > today
}

/** The word of its state, for the person who asks. */
export function statut(formation: Formation, now: Date): { libelle: string; genre: Genre } {
  if (formation.annulee_le !== null) return { libelle: 'annulée', genre: 'alerte' }
  if (formation.inscrit) return { libelle: 'inscrit', genre: 'succes' }
  if (formation.en_attente) return { libelle: 'liste d’attente', genre: 'cours' }
  if (hasBegun(formation, now)) return { libelle: 'passée', genre: 'neutre' }
  if (isFull(formation)) return { libelle: 'complet', genre: 'alerte' }
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
export function horaires({ debut, fin }: Pick<Formation, 'debut' | 'fin'>): string {
  if (isoDay(debut) === isoDay(fin)) return `${majuscule(jour(debut))}, de ${heure(debut)} à ${heure(fin)}`
  return `Du ${jour(debut)} à ${heure(debut)} au ${jour(fin)} à ${heure(fin)}`
}
