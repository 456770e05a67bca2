import type { Module } from '../../kernel/page.ts'
import { exportation } from './export.ts'
import { envois } from './invitations/envois.ts'
import { nouveau } from './invitations/nouveau.ts'
import { invitations } from './invitations/routes.ts'
import { retraits } from './retraits.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Accounts of members and of the people of cabinets, as the staff keeps them. */
export const comptes: Module = {
  name: 'comptes',
  phrases,
  // The lists before the ids: « invitations » is no account.
  routes: [...exportation, ...invitations, ...envois, ...nouveau, ...retraits, ...routes],
}
