import type { Db } from '../../kernel/db.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { type Chose, byUrgency } from './source.ts'
import { sources } from './sources.ts'

/** What waits for this person, the most urgent first, no further than `limit`. One round trip. */
export async function aFaire(db: Db, user: Utilisateur, limit: number): Promise<Chose[]> {
  const lists = await Promise.all(sources.map((source) => source.list(db, user, limit)))
  return lists.flat().sort(byUrgency).slice(0, limit)
}

/** How many things wait, all of them. */
export async function countAFaire(db: Db, user: Utilisateur): Promise<number> {
  const numbers = await Promise.all(sources.map((source) => source.count(db, user)))
  return numbers.reduce((sum, n) => sum + n, 0)
}

/** People of a firm of an OGA; the others have no such list yet. */
export function hasAFaire(user: Utilisateur): boolean {
  return ['cabinet', 'superviseur', 'collaborateur'].includes(user.role)
}
