import type { Module } from '../../kernel/page.ts'
import { gestion } from './gestion.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Exercices: where the works stand, and the papers that come out of them. */
export const clotures: Module = {
  name: 'clotures',
  phrases,
  module: 'clotures',
  routes: [...routes, ...gestion],
}
