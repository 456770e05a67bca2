import type { Module } from '../../kernel/page.ts'
import { phrases } from './phrases.ts'
import { preuve } from './preuve.ts'
import { routes } from './routes.ts'

/** The journal of the organisme, to be read, taken out, and believed. */
export const journal: Module = {
  name: 'journal',
  phrases,
  routes: [...routes, preuve],
}
