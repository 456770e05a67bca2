import type { Module } from '../../kernel/page.ts'
import { connexionRoutes } from './connexion.ts'
import { oubli } from './jobs.ts'
import { motDePasseRoutes } from './mot-de-passe.ts'
import { secondFacteurRoutes } from './second-facteur.ts'

/** The ways in and out: log-in, second factor, forgotten password, activation, log-out. */
export const connexion: Module = {
  name: 'connexion',
  routes: [...connexionRoutes, ...secondFacteurRoutes, ...motDePasseRoutes],
  jobs: { 'connexion.oubli': oubli },
}
