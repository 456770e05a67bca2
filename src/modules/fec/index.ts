import type { Module } from '../../kernel/page.ts'
import { effacerDeNuit } from './effacement.ts'
import { controlerFichier } from './jobs.ts'
import { routes } from './routes.ts'
import { phrases } from './phrases.ts'

/** The check of accounting files (FEC) that are sent to the organisme. */
export const fec: Module = {
  name: 'fec',
  phrases,
  module: 'transferts',
  routes,
  jobs: { 'fec.controler': controlerFichier },
  tasks: { 'fec.effacer': effacerDeNuit },
}
