import type { Db } from '../../kernel/db.ts'
import type { Utilisateur } from '../../kernel/page.ts'

/** One thing that waits for a person: what to do, about what, where, and before when. */
export interface Chose {
  /** What to do, as a link: « Répondre au courrier ». */
  libelle: string
  /** About what. */
  sujet: string
  url: string
  /** AAAA-MM-JJ, or null when nothing is due. */
  echeance: string | null
  /** Since when it waits. */
  depuis: string
}

/**
 * Where things to do come from. Nothing is stored: a thing is there while its row waits, and gone with the act.
 * A module that has some writes a source and is added to the list of sources.ts.
 */
export interface Source {
  /** How many wait for this person, exactly. */
  count(db: Db, user: Utilisateur): Promise<number>
  /** The first ones, the most urgent first. */
  list(db: Db, user: Utilisateur, limit: number): Promise<Chose[]>
}

/** What is due first, then what is not due, the oldest first. */
export function byUrgency(a: Chose, b: Chose): number {
  return (
    (a.echeance ?? '9999').localeCompare(b.echeance ?? '9999') ||
    a.depuis.localeCompare(b.depuis) ||
    a.url.localeCompare(b.url)
  )
}
