import type { Module } from '../../kernel/page.ts'
import { gestion } from './gestion.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

export const statistiques: Module = {
  name: 'statistiques',
  phrases,
  module: 'statistiques',
  routes: [...routes, ...gestion],
}
