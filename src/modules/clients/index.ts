import type { Module } from '../../kernel/page.ts'
import { countListes } from './mises-a-jour/decision.ts'
import { gestion } from './mises-a-jour/gestion.ts'
import { misesAJour } from './mises-a-jour/routes.ts'
import { routes } from './routes.ts'

/** A firm's clients: the list, each one's fiche and years, and the changes of the list told to the organisme. */
export const clients: Module = {
  name: 'clients',
  module: 'adherents',
  // The words of the addresses before the ids.
  routes: [...misesAJour, ...routes, ...gestion],
  async counts(db, user) {
    if (user.role !== 'permanent' && user.role !== 'administrateur') return {}
    return { listesClients: await countListes(db) }
  },
}
