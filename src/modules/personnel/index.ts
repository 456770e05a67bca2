import type { Module } from '../../kernel/page.ts'
import { acces } from './acces.ts'
import { exportation } from './export.ts'
import { phrases } from './phrases.ts'
import { routes } from './routes.ts'

/** The organisme's own people: their accounts, their role, what they may do. Administrateurs only. */
export const personnel: Module = {
  name: 'personnel',
  phrases,
  routes: [...exportation, ...routes, ...acces],
}
