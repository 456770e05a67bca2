import type { Module } from '../../kernel/page.ts'
import { echeances } from './echeances.ts'
import { exportation } from './export.ts'
import { filtres } from './filtres.ts'
import { lots } from './lots/routes.ts'
import { phrases } from './phrases.ts'
import { routes } from './routes.ts'
import { jobs, tasks } from './tasks.ts'

/** The board of a campaign, the dossiers behind its numbers, and what is done to many of them at once. */
export const suivi: Module = {
  name: 'suivi',
  module: 'clotures',
  phrases,
  routes: [...routes, ...exportation, ...echeances, ...filtres, ...lots],
  jobs,
  tasks,
}
