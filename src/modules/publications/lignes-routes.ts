import { z } from 'zod'
import { keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type Route, page, view } from '../../kernel/page.ts'
import { LIBELLES_GENRE, VERDICTS, VERDICT_NAMES, type Verdict } from './ligne.ts'
import { type LigneMontree, countVerdicts, listLignesBy, readBilan, readPublication } from './queries.ts'
import { choicesOf, trailOf } from './shown.ts'

const PAR_PAGE = 100

/** The lines of a campaign, all of them or those of one verdict. */
export const routes: Route[] = [
  page('/gestion/publications/:id/lignes', {
    can: 'gestion.publications.manage',
    query: z.object({
      verdict: z.enum(['', ...VERDICT_NAMES, 'echec']).catch(''),
      ...keysetQuery(/^\d{1,9}$/),
    }),
    run: async ({ db, params, query }) => {
      const publication = await readPublication(db, params.id!)
      const { verdict, apres, avant } = query
      const wanted = verdict === '' ? [] : [verdict]
      const back = avant !== undefined
      const from = Number(avant ?? apres ?? -1)
      const [rows, verdicts, bilan] = await Promise.all([
        listLignesBy(db, publication.id, wanted, from, PAR_PAGE + 1, back),
        countVerdicts(db, publication.id),
        readBilan(db, publication.id),
      ])
      const path = `/gestion/publications/${publication.id}/lignes`
      const echecs = { valeur: 'echec', libelle: 'Non publiés', compte: bilan.echecs }
      const choix = [...choicesOf(verdicts), ...(bilan.echecs > 0 ? [echecs] : [])]
      const total = choix.find((c) => c.valeur === verdict)?.compte ?? 0
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (l) => String(l.ordre), path, query: { verdict }, total, nom: 'lignes',
      }) // prettier-ignore
      return view('publications/lignes', {
        publication,
        lignes: lignes.map(showLigne),
        verdict,
        choix,
        pager,
        breadcrumb: [...trailOf(publication), { libelle: 'Lignes' }],
      })
    },
  }),
]

function showLigne(l: LigneMontree) {
  const verdict = VERDICTS[l.verdict as Verdict] as { libelle: string; genre: string } | undefined
  return {
    ...l,
    libelle: verdict?.libelle ?? 'À vérifier',
    couleur: verdict?.genre ?? 'neutre',
    genreLibelle: l.genre === null ? l.type : LIBELLES_GENRE[l.genre],
  }
}
