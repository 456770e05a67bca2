import type { Module } from '../../kernel/page.ts'
import { gestion } from './mises-a-jour/gestion.ts'
import { misesAJour } from './mises-a-jour/routes.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** A firm's clients: the list, each one's fiche and years, and the changes of the list told to the organisme. */
export const clients: Module = {
  name: 'clients',
  phrases,
  module: 'adherents',
  // The words of the addresses before the ids.
  routes: [...misesAJour, ...routes, ...gestion],
}
