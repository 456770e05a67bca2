import type { Module } from '../../kernel/page.ts'
import { gestion } from './gestion.ts'
import { countUnread } from './queries.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Dialogue OGA: what members and firms write to their organisme, and its answers. */
export const messages: Module = {
  name: 'messages',
  phrases,
  module: 'messages',
  routes: [...routes, ...gestion],
  async counts(db, user) {
    const staff = user.role === 'permanent' || user.role === 'administrateur'
    return staff ? {} : { reponsesNonLues: await countUnread(db) }
  },
}
