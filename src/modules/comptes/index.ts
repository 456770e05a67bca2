import type { Module } from '../../kernel/page.ts'
import { inviter, invitations } from './invitations.ts'
import { retraits } from './retraits.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** Accounts of members and of the people of cabinets, as the staff keeps them. */
export const comptes: Module = {
  name: 'comptes',
  phrases,
  // The lists before the ids: « invitations » is no account.
  routes: [...invitations, ...retraits, ...routes],
  jobs: { 'comptes.inviter': inviter },
}
