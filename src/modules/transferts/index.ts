import type { Module } from '../../kernel/page.ts'
import { countWaiting } from './gestion-queries.ts'
import { gestion } from './gestion.ts'
import { routes } from './routes.ts'

/** Transfert de données: what members send to their organisme. */
export const transferts: Module = {
  name: 'transferts',
  module: 'transferts',
  routes: [...routes, ...gestion],
  async counts(db, user) {
    if (user.role !== 'permanent' && user.role !== 'administrateur') return {}
    return { transferts: await countWaiting(db) }
  },
}
