import { z } from 'zod'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type PageRoute, page, view } from '../../kernel/page.ts'
import type { Action } from '../../kernel/policy.ts'
import { etatOf } from './etat.ts'
import { type Publication, listPublications } from './queries.ts'

const PAR_PAGE = 25

const Question = z.object({
  q: z
    .string()
    .trim()
    .transform((typed) => typed.slice(0, 100))
    .catch('')
    .default(''),
  ...keysetQuery(UUID),
})

/** The list of the campaigns of a kind, from which each is opened and a new one begun. */
export function campagnes(
  path: string,
  can: Exclude<Action, 'public'>,
  source: Publication['source'],
): PageRoute {
  return page(path, {
    can,
    query: Question,
    async run({ db, query }) {
      const rows = await listPublications(db, source, query, PAR_PAGE + 1)
      const requete = { q: query.q }
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path, query: requete, nom: 'campagnes',
      }) // prettier-ignore
      return view('publications/liste', {
        publications: lignes.map((p) => ({ ...p, etat: etatOf(p) })),
        source,
        path,
        requete,
        pager,
      })
    },
  })
}
