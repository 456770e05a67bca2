import { type Route, page } from '../../kernel/page.ts'
import { routes as confirmation } from './confirmation-routes.ts'
import { routes as correction } from './correction-routes.ts'
import { exportation } from './export.ts'
import { campagnes } from './liste.ts'
import { routes as lignes } from './lignes-routes.ts'
import { routes as nouvelle } from './nouvelle-routes.ts'
import { routes as renvoi } from './renvoi-routes.ts'
import { routes as reglages } from './reglages-routes.ts'
import { showPublication } from './shown.ts'

const can = 'gestion.publications.manage'

export const routes: Route[] = [
  campagnes('/gestion/publications', can, 'depot'),
  ...exportation,
  // What is named comes before what has an id.
  ...nouvelle,
  ...reglages,
  page('/gestion/publications/:id', { can, run: showPublication }),
  ...lignes,
  ...correction,
  ...confirmation,
  ...renvoi,
]
