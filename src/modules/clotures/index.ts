import type { Module } from '../../kernel/page.ts'
import { gestion } from './gestion.ts'
import { routes } from './routes.ts'

/** Exercices: where the works stand, and the papers that come out of them. */
export const clotures: Module = { name: 'clotures', module: 'clotures', routes: [...routes, ...gestion] }
