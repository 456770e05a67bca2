import { type Route, page, view } from '../../kernel/page.ts'
import { carte } from './presentation.ts'
import { listClotures, readRegles } from './queries.ts'

export const routes: Route[] = [
  page('/clotures', {
    can: 'clotures.read',
    run: async ({ db, user, today }) => {
      const [clotures, regles] = await Promise.all([listClotures(db, user.adherentId!), readRegles(db)])
      return view('clotures/liste', { cartes: clotures.map((c) => carte(c, regles, today)) })
    },
  }),
]
