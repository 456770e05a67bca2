import { z } from 'zod'
import { type Ctx, type Reply, type Route, type SignedIn, page, view } from '../../kernel/page.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { choose, lists } from './choix.ts'
import { courbes } from './graphe.ts'
import { columns } from './export.ts'
import { myFigures } from './moi.ts'
import { type Choix, listChoix, listComptes, listYears, readDossier, readTable } from './queries.ts'
import { regionOf } from './regions.ts'
import { effectifSentence, lines, writer } from './tableau.ts'

const query = z.object({
  profession: z.string().max(120).catch(''),
  annee: z.coerce.number().int().optional().catch(undefined),
  region: z.string().max(60).optional().catch(undefined),
  tranche: z.string().max(60).catch(''),
})
type Asked = z.output<typeof query>

/** Statistics of the professions (F63), with one's own figures beside for an adhérent. */
export const routes: Route[] = [
  page('/statistiques', { can: 'statistiques.read', query, run: show }),
  page('/statistiques/tableau.:format', {
    can: 'statistiques.read',
    query,
    words: FORMATS,
    journal: true,
    async run(ctx) {
      const choix = await chosen(ctx)
      const rows = choix.table === undefined ? [] : await readTable(ctx.db, choix.table)
      return exportTable(ctx, {
        name: 'statistiques',
        title: 'Statistiques',
        columns,
        batches: once(rows),
        note: { action: 'statistiques.export', objet: 'statistiques', detail: { ...choix.table } },
      })
    },
  }),
]

async function* once<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows
}

async function chosen({ db, query: asked, user }: Ctx<undefined, Asked> & SignedIn) {
  const [all, dossier] = await Promise.all([
    listChoix(db),
    user.adherentId === null ? undefined : readDossier(db, user.adherentId),
  ])
  return { all, dossier, table: choose(all, asked, dossier?.professions ?? []) }
}

async function show(ctx: Ctx<undefined, Asked> & SignedIn): Promise<Reply> {
  const { db, user } = ctx
  const { all, dossier, table } = await chosen(ctx)
  if (table === undefined) return view('statistiques/tableau', { table: null })
  const [rows, years, comptes] = await Promise.all([
    readTable(db, table),
    listYears(db, table, ['recettes', 'resultat']),
    user.adherentId === null ? [] : listComptes(db, user.adherentId, table.annee),
  ])
  // One's own figures stand beside one's own profession only.
  const mine = dossier?.professions.includes(table.profession) ? myFigures(comptes) : null
  const figures = mine?.get(table.annee) ?? null
  const lignes = lines(rows, figures)
  return view('statistiques/tableau', {
    table,
    titre: table.profession,
    ou: placeOf(table),
    effectif: effectifSentence(Math.max(0, ...rows.map((row) => row.effectif))),
    lignes,
    avecMoi: figures !== null,
    sansMoi: mine !== null && figures === null,
    cache: lignes.some(({ diffusion }) => diffusion === 'secret'),
    nonSignificatif: lignes.some(({ diffusion }) => diffusion === 'non_significatif'),
    evolution: evolution(years, mine),
    maRegion: regionLink(all, table, dossier?.code_postal ?? ''),
    requete: {
      profession: table.profession,
      annee: table.annee,
      region: table.region,
      tranche: table.tranche,
    },
    ...lists(all, table),
  })
}

function placeOf({ annee, region, tranche }: Choix): string {
  return [String(annee), region || 'France entière', tranche && `tranche ${tranche}`]
    .filter(Boolean)
    .join(', ')
}

/** A way from the whole country to the region of the adhérent, when it has a table. */
function regionLink(all: readonly Choix[], table: Choix, postcode: string): string | null {
  const region = regionOf(postcode)
  const there = (one: Choix) =>
    one.profession === table.profession && one.annee === table.annee && one.region === region
  return region !== '' && region !== table.region && all.some(there) ? region : null
}

function evolution(rows: Awaited<ReturnType<typeof listYears>>, mine: ReturnType<typeof myFigures> | null) {
  const annees = [...new Set(rows.map(({ annee }) => annee))]
  if (annees.length < 2 || rows.every(({ mediane }) => mediane === null)) return null
  const median = (poste: string) =>
    annees.map((annee) => rows.find((row) => row.annee === annee && row.poste === poste)?.mediane ?? null)
  const series = [
    { nom: 'Recettes (médiane)', rang: 1, valeurs: median('recettes') },
    { nom: 'Résultat (médiane)', rang: 2, valeurs: median('resultat') },
    ...(mine === null
      ? []
      : [
          { nom: 'Vos recettes', rang: 3, valeurs: annees.map((annee) => mine.get(annee)?.recettes ?? null) },
        ]),
  ]
  const write = writer('recettes')
  return {
    graphe: courbes(annees, series),
    annees,
    series: series.map(({ nom, rang, valeurs }) => ({ nom, rang, valeurs: valeurs.map(write) })),
  }
}
