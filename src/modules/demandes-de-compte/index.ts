import type { Module } from '../../kernel/page.ts'
import { decisions } from './decision.ts'
import { gestion } from './gestion.ts'
import { precisions } from './precision-routes.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** « Identifiants perdus » and « Demande de compte »: asked by visitors, answered by staff. */
export const demandesDeCompte: Module = {
  name: 'demandes-de-compte',
  phrases,
  routes: [...routes, ...precisions, ...gestion, ...decisions],
}
