import { z } from 'zod'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type Module, page, view } from '../../kernel/page.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { STATUTS } from './declaration.ts'
import { COLONNES, declarationBatches } from './export.ts'
import { phrases } from './phrases.ts'
import { FILTRES, listDeclarations } from './queries.ts'

const PAR_PAGE = 50

const question = z.object({
  filtre: z.enum(FILTRES).catch(''),
  nom: z
    .string()
    .transform((typed) =>
      typed
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, 100),
    )
    .catch(''),
  ...keysetQuery(UUID),
})

/** Suivi des liasses télétransmises (F80): what the organisme recorded for the clients of a firm. */
export const declarations: Module = {
  name: 'declarations',
  phrases,
  module: 'adherents',
  routes: [
    page('/declarations', {
      can: 'declarations.read',
      query: question,
      async run({ db, query }) {
        const rows = await listDeclarations(db, { ...query, limit: PAR_PAGE + 1 })
        const requete = { filtre: query.filtre, nom: query.nom }
        const { lignes, pager } = keysetPage({
          rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: '/declarations', query: requete,
          nom: 'liasses télétransmises',
        }) // prettier-ignore
        return view('declarations/liste', {
          declarations: lignes.map((d) => ({
            ...d,
            suivis: d.suivis.map((s) => ({ ...s, etat: STATUTS[s.statut] })),
          })),
          requete,
          pager,
          filtree: query.filtre !== '' || query.nom !== '',
        })
      },
    }),
    page('/declarations.:format', {
      can: 'declarations.read',
      stepUp: true,
      query: question,
      words: FORMATS,
      journal: true,
      run: (ctx) =>
        exportTable(ctx, {
          name: 'liasses',
          title: 'Liasses télétransmises',
          columns: COLONNES,
          batches: declarationBatches(ctx.db, ctx.query),
          note: {
            action: 'declarations.exportees',
            objet: 'declarations',
            detail: { filtre: ctx.query.filtre, nom: ctx.query.nom },
          },
        }),
    }),
  ],
}
