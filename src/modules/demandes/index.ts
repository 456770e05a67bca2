import type { Module } from '../../kernel/page.ts'
import { allowed } from '../../kernel/policy.ts'
import { phrases } from './phrases.ts'
import { countByKind } from './queries.ts'
import { routes } from './routes.ts'

/** One inbox over everything that people ask of the organisme, whatever module decides it. */
export const demandes: Module = {
  name: 'demandes',
  phrases,
  routes,
  async counts(db, user) {
    if (!allowed(user, 'gestion.demandes.handle')) return {}
    const kinds = await countByKind(db)
    return {
      demandes: kinds.reduce((sum, { n }) => sum + n, 0),
      ...Object.fromEntries(kinds.map(({ genre, n }) => [`demandes-${genre}`, n])),
    }
  },
}
