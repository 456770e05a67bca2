import type { Module } from '../../kernel/page.ts'
import { clients } from './clients.ts'
import { depot } from './depot.ts'
import { gestion } from './gestion.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Transfert de données: what members send to their organisme. */
export const transferts: Module = {
  name: 'transferts',
  phrases,
  module: 'transferts',
  routes: [...routes, ...clients, ...depot, ...gestion],
}
