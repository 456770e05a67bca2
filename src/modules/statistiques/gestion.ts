import { csvLines } from '../../kernel/csv.ts'
import { TABLEAUX } from '../../kernel/files/allow-list.ts'
import { Refusal } from '../../kernel/errors.ts'
import { pluriel } from '../../kernel/formats.ts'
import { type Route, act, page, redirect, stream, view } from '../../kernel/page.ts'
import { FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { z } from 'zod'
import { MODELE, columns } from './export.ts'
import { confirm, LINES, tryFile } from './import.ts'
import { listImports, readImport } from './import-queries.ts'
import { listChoix, listPublished } from './queries.ts'
import type { Publiee } from './statistique.ts'

const BASE = '/gestion/statistiques'
const can = 'gestion.statistiques.manage'
const asked = z.object({ annee: z.coerce.number().int().catch(0) })

/** What staff publishes: a file, a trial run, a confirmation. */
export const gestion: Route[] = [
  page(BASE, {
    can,
    async run({ db }) {
      const [imports, choix] = await Promise.all([listImports(db), listChoix(db)])
      const annees = [...new Set(choix.map(({ annee }) => annee))].map((annee) => {
        const ofYear = choix.filter((one) => one.annee === annee)
        return {
          annee,
          professions: new Set(ofYear.map(({ profession }) => profession)).size,
          regions: new Set(ofYear.map(({ region }) => region).filter(Boolean)).size,
        }
      })
      return view('statistiques/gestion', { imports, annees, regle: TABLEAUX, lignesMax: LINES })
    },
  }),
  page(`${BASE}/modele.csv`, {
    can,
    run: () => stream(csvLines(MODELE, true), 'text/csv; charset=utf-8', 'modele-statistiques.csv'),
  }),
  page(`${BASE}/export.:format`, {
    can,
    query: asked,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: `statistiques-${ctx.query.annee}`,
        title: `Statistiques ${ctx.query.annee}`,
        columns,
        batches: inBatches<Publiee>((last, size) => listPublished(ctx.db, ctx.query.annee, last, size)),
        note: { action: 'statistiques.export', objet: 'statistiques', detail: { annee: ctx.query.annee } },
      }),
  }),
  act(`${BASE}/imports`, {
    can,
    upload: { rule: TABLEAUX, maxFiles: 1 },
    rerender: BASE,
    async run({ db, files, today, note }) {
      const [received] = files
      if (!received) throw new Refusal('Choisissez le fichier à importer.', 'fichier')
      const id = await tryFile(db, received, today)
      note({
        action: 'statistiques.essai',
        objet: 'statistiques',
        objetId: id,
        detail: { fichier: received.name },
      })
      return redirect(`${BASE}/imports/${id}`)
    },
  }),
  page(`${BASE}/imports/:id`, {
    can,
    async run({ db, params }) {
      const essai = await readImport(db, params.id!)
      return view('statistiques/import', {
        essai,
        lignes: essai.bilan.nouvelles + essai.bilan.changees,
        breadcrumb: [{ libelle: 'Statistiques', url: BASE }, { libelle: essai.fichier }],
      })
    },
  }),
  page(`${BASE}/imports/:id/refusees.csv`, {
    can,
    async run({ db, params }) {
      const { refusees } = await readImport(db, params.id!)
      const rows = refusees.map(({ ligne, motif, cellules }) => [ligne, motif, ...cellules])
      return stream(
        csvLines([['Ligne', 'Motif'], ...rows], true),
        'text/csv; charset=utf-8',
        'lignes-refusees.csv',
      )
    },
  }),
  act(`${BASE}/imports/:id/confirmation`, {
    can,
    rerender: `${BASE}/imports/:id`,
    async run({ db, params, note }) {
      const { trial, ecrites } = await confirm(db, params.id!)
      note({
        action: 'statistiques.import',
        objet: 'statistiques',
        detail: { fichier: trial.fichier, lignes: ecrites },
      })
      return redirect(
        BASE,
        ecrites === 0
          ? `« ${trial.fichier} » ne changeait rien : les statistiques sont restées les mêmes.`
          : `${pluriel(ecrites, 'ligne est importée et publiée', 'lignes sont importées et publiées')}.`,
      )
    },
  }),
]
