import type { Module } from '../../kernel/page.ts'
import { confirmationRoutes } from './confirmation.ts'
import { connexionRoutes } from './connexion.ts'
import { oubli } from './jobs.ts'
import { motDePasseRoutes } from './mot-de-passe.ts'
import { secondFacteurRoutes } from './second-facteur.ts'
import { phrases } from './phrases.ts'

/** The ways in and out: log-in, second factor, forgotten password, activation, log-out. */
export const connexion: Module = {
  name: 'connexion',
  phrases,
  routes: [...connexionRoutes, ...secondFacteurRoutes, ...motDePasseRoutes, ...confirmationRoutes],
  jobs: { 'connexion.oubli': oubli },
}
