import type { Module } from '../../kernel/page.ts'
import { inviter } from './inviter.ts'
import { phrases } from './phrases.ts'
import { routes } from './routes.ts'

/** The operator of the platform: organismes and counts, never a member's data. */
export const plateforme: Module = {
  name: 'plateforme',
  phrases,
  routes,
  jobs: { 'plateforme.inviter': inviter },
}
