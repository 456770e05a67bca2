import type { Module } from '../../kernel/page.ts'
import { gestion } from './gestion.ts'
import { countInbox } from './inbox.ts'
import { routes } from './routes.ts'

/** Vos coordonnées: what the organisme knows of a person, and the requests to change it (F21 to F25). */
export const coordonnees: Module = {
  name: 'coordonnees',
  module: 'adherents',
  routes: [...routes, ...gestion],
  async counts(db, user) {
    if (user.role !== 'permanent' && user.role !== 'administrateur') return {}
    return { modifications: await countInbox(db, { closed: false, zone: undefined }) }
  },
}
