import { majuscule } from '../../kernel/formats.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { type Route, page, view } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { audienceSentence } from '../audience/audience.ts'
import { CATEGORIES, ETATS, categoryFilter, etatOf } from './actualite.ts'
import { cabinetsSentence } from './cabinets.ts'
import { recherche } from './forms.ts'
import { type Geree, listGerees } from './gestion-queries.ts'

export const BASE = '/gestion/actualites'
export const can = 'gestion.actualites.manage'
const PAR_PAGE = 30

/** All the news of the organisme, as its staff sees them. */
export const liste: Route[] = [
  page(BASE, {
    can,
    query: recherche,
    async run({ db, organisme, query: asked, today }) {
      const { q, etat, categorie } = asked
      const requete = { q, etat, categorie }
      const rows = await listGerees(db, { ...asked, limit: PAR_PAGE + 1 })
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked, cursor: (row) => row.id, path: BASE, query: requete, nom: 'actualités',
      }) // prettier-ignore
      return view('actualites/gestion-liste', {
        actualites: lignes.map((row) => ({
          ...row,
          etat: ETATS[etatOf(row, today)],
          epinglee: row.epinglee_jusqu_au !== null && row.epinglee_jusqu_au >= today,
          pour: pour(row, organisme),
        })),
        categories: CATEGORIES,
        choixCategories: categoryFilter(),
        etats: [
          { valeur: '', libelle: 'Toutes' },
          ...Object.entries(ETATS).map(([valeur, { libelle }]) => ({ valeur, libelle: majuscule(libelle) })),
        ],
        requete,
        pager,
        cherche: q !== '' || categorie !== undefined,
      })
    },
  }),
  page(`${BASE}.:format`, {
    can,
    query: recherche,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'actualites',
        title: 'Actualités',
        columns: columns(ctx.organisme, ctx.today),
        batches: inBatches((last: Geree | undefined, limit) =>
          listGerees(ctx.db, { ...ctx.query, apres: last?.id, avant: undefined, limit }),
        ),
        note: {
          action: 'actualites.exportees',
          objet: 'actualites',
          detail: { q: ctx.query.q, etat: ctx.query.etat ?? '', categorie: ctx.query.categorie ?? '' },
        },
      }),
  }),
]

function columns(organisme: Organisme, today: string): Column<Geree>[] {
  return [
    { titre: 'Titre', largeur: 50, valeur: (row) => row.titre },
    { titre: 'Catégorie', largeur: 16, valeur: (row) => CATEGORIES[row.categorie] },
    { titre: 'Pour', largeur: 40, valeur: (row) => pour(row, organisme) },
    { titre: 'Du', genre: 'jour', valeur: (row) => row.visible_du },
    { titre: 'Au', genre: 'jour', valeur: (row) => row.visible_au },
    { titre: 'À la une jusqu’au', genre: 'jour', valeur: (row) => row.epinglee_jusqu_au },
    { titre: 'État', valeur: (row) => ETATS[etatOf(row, today)].libelle },
    { titre: 'Modifiée le', genre: 'jour', valeur: (row) => row.modifie_le },
    { titre: 'Par', largeur: 24, valeur: (row) => row.modifie_par_nom },
  ]
}

/** « Adhérents, cabinets (Avocat) – CNS1 et CNS4 seulement ». */
function pour(row: Geree, organisme: Organisme): string {
  return audienceSentence(row, organisme) + cabinetsSentence(row.cabinets, organisme.vocabulaire.cabinets)
}
