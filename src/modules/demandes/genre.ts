import type { Db } from '../../kernel/db.ts'
import type { Action } from '../../kernel/policy.ts'

export const NOMS = ['coordonnees', 'liste-clients', 'compte', 'message', 'transfert'] as const
export type Nom = (typeof NOMS)[number]

/**
 * One kind of request, as its own module tells it: where it is decided, and how its line is worded. The line itself is
 * kept by a trigger on the table of the request (migration 0086).
 */
export interface Genre {
  nom: Nom
  /** In the plural, for the menu and the filters. */
  libelle: string
  /** Who may decide it. */
  can: Action
  /** Module that an organisme may have switched off. */
  module?: string
  /** Address of the page where it is decided. */
  url(objetId: string): string
  /** What is asked, from the `detail` that the trigger keeps. */
  sujet(detail: string): string
  /** What became of it, from the `issue` that the trigger keeps. */
  suite(issue: string): { libelle: string; genre: string }
  /** Asks whoever has no log-in to read it in; the others are asked in a thread. Holds the request until the commit. */
  demander?(db: Db, objetId: string, question: string): Promise<void>
}
