import type { Module } from '../../kernel/page.ts'
import { gestion } from './gestion.ts'
import { readText } from './lecture.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

export const espaces: Module = {
  name: 'espaces',
  phrases,
  module: 'espaces',
  routes: [...routes, ...gestion],
  jobs: { 'espaces.lire': readText },
}
