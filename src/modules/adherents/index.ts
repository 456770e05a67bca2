import type { Module } from '../../kernel/page.ts'
import { comptes } from './comptes-routes.ts'
import { courriels } from './courriels-routes.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** The staff's side of the adhérents: list, fiche, history, account, mails that failed. */
export const adherents: Module = {
  name: 'adherents',
  phrases,
  module: 'adherents',
  routes: [...routes, ...comptes, ...courriels],
}
