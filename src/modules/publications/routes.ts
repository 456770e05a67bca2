import { type Route, page, view } from '../../kernel/page.ts'
import { routes as confirmation } from './confirmation-routes.ts'
import { routes as correction } from './correction-routes.ts'
import { etatOf } from './etat.ts'
import { exportation } from './export.ts'
import { routes as lignes } from './lignes-routes.ts'
import { routes as nouvelle } from './nouvelle-routes.ts'
import { listPublications } from './queries.ts'
import { routes as renvoi } from './renvoi-routes.ts'
import { routes as reglages } from './reglages-routes.ts'
import { showPublication } from './shown.ts'

const can = 'gestion.publications.manage'

export const routes: Route[] = [
  page('/gestion/publications', {
    can,
    run: async ({ db }) => {
      const publications = await listPublications(db, 'depot', 100)
      return view('publications/liste', {
        publications: publications.map((p) => ({ ...p, etat: etatOf(p) })),
        source: 'depot',
      })
    },
  }),
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
