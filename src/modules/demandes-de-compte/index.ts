import type { Module } from '../../kernel/page.ts'
import { decisions } from './decision.ts'
import { gestion } from './gestion.ts'
import { countDemandes } from './queries.ts'
import { routes } from './routes.ts'

/** « Identifiants perdus » and « Demande de compte »: asked by visitors, answered by staff. */
export const demandesDeCompte: Module = {
  name: 'demandes-de-compte',
  routes: [...routes, ...gestion, ...decisions],
  async counts(db, user) {
    if (user.role !== 'permanent' && user.role !== 'administrateur') return {}
    return { demandesDeCompte: await countDemandes(db) }
  },
}
