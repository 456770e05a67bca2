import type { Module } from '../../kernel/page.ts'
import { countUnread } from './queries.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Papers made available to an adhérent: opened, downloaded, read by whom; published, replaced, withdrawn by staff. */
export const documents: Module = {
  name: 'documents',
  phrases,
  module: 'clotures',
  routes,
  counts: async (db, user) =>
    user.adherentId === null ? {} : { documentsNonLus: await countUnread(db, user.adherentId) },
}
