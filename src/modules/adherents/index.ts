import type { Module } from '../../kernel/page.ts'
import { comptes } from './comptes-routes.ts'
import { routes } from './routes.ts'

/** The staff's side of the adhérents: list, fiche, history, account. */
export const adherents: Module = {
  name: 'adherents',
  module: 'adherents',
  routes: [...routes, ...comptes],
}
