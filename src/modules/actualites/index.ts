import { z } from 'zod'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type Module, page, view } from '../../kernel/page.ts'
import { CATEGORIES, type Categorie, categoryFilter } from './actualite.ts'
import { gestion } from './gestion.ts'
import { listActualites, listPinned, readActualite } from './queries.ts'
import { phrases } from './phrases.ts'

const PAR_PAGE = 20

const query = z.object({
  categorie: z
    .enum(Object.keys(CATEGORIES) as [Categorie, ...Categorie[]])
    .optional()
    .catch(undefined),
  ...keysetQuery(UUID),
})

export const actualites: Module = {
  name: 'actualites',
  phrases,
  module: 'actualites',
  routes: [
    page('/actualites', {
      can: 'actualites.read',
      query,
      async run({ db, query: asked }) {
        const { categorie, apres, avant } = asked
        const first = apres === undefined && avant === undefined
        const [pinned, rows] = await Promise.all([
          first ? listPinned(db, categorie) : [],
          listActualites(db, { categorie, apres, avant, limit: PAR_PAGE + 1 }),
        ])
        const { lignes, pager } = keysetPage({
          rows,
          size: PAR_PAGE,
          asked,
          cursor: (row) => row.id,
          path: '/actualites',
          query: { categorie },
          nom: 'actualités',
        })
        return view('actualites/liste', {
          actualites: [...pinned, ...lignes],
          categories: CATEGORIES,
          filtre: categoryFilter(),
          requete: { categorie },
          pager,
        })
      },
    }),
    page('/actualites/:id', {
      can: 'actualites.read',
      async run({ db, params }) {
        const actualite = await readActualite(db, params.id!)
        return view('actualites/actualite', {
          actualite,
          categorie: CATEGORIES[actualite.categorie],
          breadcrumb: [{ libelle: 'Actualités', url: '/actualites' }, { libelle: actualite.titre }],
        })
      },
    }),
    ...gestion,
  ],
}
