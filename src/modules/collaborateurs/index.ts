import type { Module } from '../../kernel/page.ts'
import { compte } from './compte-routes.ts'
import { depart } from './depart-routes.ts'
import { dossiers } from './dossiers-routes.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Gestion des collaborateurs (F75 to F77): the people of a firm, their accounts, their dossiers, their departure. */
export const collaborateurs: Module = {
  name: 'collaborateurs',
  phrases,
  module: 'adherents',
  routes: [...routes, ...compte, ...dossiers, ...depart],
}
