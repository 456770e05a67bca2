import type { Module } from '../../kernel/page.ts'
import { gestion } from './gestion.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Vos coordonnées: what the organisme knows of a person, and the requests to change it (F21 to F25). */
export const coordonnees: Module = {
  name: 'coordonnees',
  phrases,
  module: 'adherents',
  routes: [...routes, ...gestion],
}
