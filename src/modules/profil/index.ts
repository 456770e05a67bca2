import type { Module } from '../../kernel/page.ts'
import { courrielRoutes } from './courriel.ts'
import { motDePasseRoutes } from './mot-de-passe.ts'
import { profilRoutes } from './profil.ts'
import { secondFacteurRoutes } from './second-facteur.ts'
import { phrases } from './phrases.ts'

/** Who I am, my address, my password, my second factor, my sessions (F26, F129, F130). */
export const profil: Module = {
  name: 'profil',
  phrases,
  routes: [...profilRoutes, ...motDePasseRoutes, ...courrielRoutes, ...secondFacteurRoutes],
}
