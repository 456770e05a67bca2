import type { Module } from '../../kernel/page.ts'
import { countAsSubstitute, countPending } from './queries.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Validation des réponses (F69 to F71, F81): the queue of the superviseur, and who stands in for him. */
export const validations: Module = {
  name: 'validations',
  phrases,
  module: 'courriers',
  routes,
  async counts(db, user) {
    if (user.role === 'cabinet' || user.role === 'superviseur') return { validations: await countPending(db) }
    if (user.role !== 'collaborateur') return {}
    const suppleance = await countAsSubstitute(db)
    return suppleance === null ? {} : { validationsEnSuppleance: suppleance }
  },
}
