import { z } from 'zod'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type Module, page, view } from '../../kernel/page.ts'
import { readFiche } from '../adherents/queries.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { shown } from './declaration.ts'
import { COLONNES, declarationBatches } from './export.ts'
import { phrases } from './phrases.ts'
import { FILTRES, declarationsDe, listDeclarations } from './queries.ts'

const PAR_PAGE = 50
/** Six years of monthly returns. */
const PAR_FICHE = 100

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
      async run({ db, query, user }) {
        const rows = await listDeclarations(db, { ...query, limit: PAR_PAGE + 1 })
        const requete = { filtre: query.filtre, nom: query.nom }
        const { lignes, pager } = keysetPage({
          rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: '/declarations', query: requete,
          nom: 'liasses télétransmises',
        }) // prettier-ignore
        return view('declarations/liste', {
          declarations: lignes.map(shown),
          avecClient: user.adherentId === null,
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
    page('/gestion/adherents/:id/declarations', {
      can: 'gestion.adherents.read',
      async run({ db, params }) {
        const [adherent, declarations] = await Promise.all([
          readFiche(db, params.id!),
          declarationsDe(db, params.id!, PAR_FICHE),
        ])
        return view('declarations/adherent', {
          adherent,
          declarations: declarations.map(shown),
          onglet: 'declarations',
          breadcrumb: [
            {
              libelle: `${adherent.denomination} (n° ${adherent.numero})`,
              url: `/gestion/adherents/${adherent.id}`,
            },
            { libelle: 'Télédéclarations' },
          ],
        })
      },
    }),
  ],
}
