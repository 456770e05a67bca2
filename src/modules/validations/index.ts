import type { Module } from '../../kernel/page.ts'
import { countPending } from './queries.ts'
import { routes } from './routes.ts'

/** Validation des réponses (F69 to F71, F81): the queue of the superviseur, and who stands in for him. */
export const validations: Module = {
  name: 'validations',
  module: 'courriers',
  routes,
  counts: async (db, user) =>
    user.role === 'cabinet' || user.role === 'superviseur' ? { validations: await countPending(db) } : {},
}
