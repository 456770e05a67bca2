import { Refusal } from '../../kernel/errors.ts'
import { TABLEAUX } from '../../kernel/files/allow-list.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { type Route, act, page, redirect } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { emptyTable, onlyHeader } from '../../kernel/tableur/faults.ts'
import { LIMITS, openTable } from '../../kernel/tableur/read.ts'
import { startApplication } from './application.ts'
import { choisie, empreinteDe, retenue } from './correspondance.ts'
import { startEssai } from './essai.ts'
import { colonnes, confirmation, depot, onglet } from './forms.ts'
import { exportation } from './export.ts'
import { GENRES, genreDe } from './genres.ts'
import { fiche, liste } from './pages.ts'
import {
  type Ligne,
  abandonImport,
  deleteLignes,
  forgetOldLignes,
  insertImport,
  listLignes,
  lockImport,
  markIdle,
  readImport,
  rememberCorrespondance,
  setAbsents,
  setCorrespondance,
} from './queries.ts'

const can = 'gestion.imports.manage'
const EXEMPLES = 5

export const routes: Route[] = [
  page('/gestion/imports', { can, run: liste }),
  ...exportation,
  act('/gestion/imports', {
    can,
    form: depot,
    upload: { rule: TABLEAUX, maxFiles: 1 },
    async run(ctx) {
      const file = ctx.files[0]
      if (!file) throw new Refusal('Choisissez le fichier à importer.', 'fichier')
      const { header, exemples } = await regarder(file.tempPath, file.name)
      const fichierId = await storeFile(ctx, file)
      const id = await insertImport(ctx.db, {
        genre: ctx.form.genre,
        entetes: header.cells,
        ligne_entete: header.line,
        exemples,
        fichierId,
      })
      await forgetOldLignes(ctx.db)
      ctx.note({
        action: 'import.depose',
        objet: 'imports',
        objetId: id,
        detail: { genre: ctx.form.genre, fichier: file.name, empreinte: file.sha256 },
      })
      return redirect(`/gestion/imports/${id}`)
    },
  }),
  page('/gestion/imports/modele/:genre.:format', {
    can,
    words: { ...FORMATS, genre: GENRES },
    journal: false,
    run(ctx) {
      const genre = genreDe(ctx.params.genre!)
      const columns: Column<never>[] = genre.champs.map(({ libelle }) => ({
        titre: libelle,
        valeur: () => '',
      }))
      return exportTable(ctx, {
        name: `modele-${genre.nom}`,
        title: genre.titre,
        columns,
        batches: inBatches<never>(() => Promise.resolve([])),
        note: { action: 'import.modele', objet: 'imports' },
      })
    },
  }),
  page('/gestion/imports/:id', { can, query: onglet, run: fiche }),
  page('/gestion/imports/:id/a-corriger.:format', {
    can,
    words: FORMATS,
    journal: true,
    async run(ctx) {
      const imp = await readImport(ctx.db, ctx.params.id!)
      const columns: Column<Ligne>[] = [
        { titre: 'Ligne du fichier', genre: 'nombre', valeur: (row) => row.ligne },
        { titre: 'À corriger', largeur: 60, valeur: (row) => row.motifs.join(' ') },
        ...imp.entetes.map((titre, at): Column<Ligne> => ({ titre, valeur: (row) => row.cellules[at] })),
      ]
      return exportTable(ctx, {
        name: `a-corriger-${imp.genre}`,
        title: 'À corriger',
        columns,
        batches: inBatches<Ligne>((last, size) =>
          listLignes(ctx.db, imp.id, 'refuse', { apres: last && String(last.ligne) }, size),
        ),
        note: { action: 'import.a-corriger', objet: 'imports', objetId: imp.id },
      })
    },
  }),
  act('/gestion/imports/:id/colonnes', {
    can,
    form: colonnes,
    rerender: '/gestion/imports/:id',
    async run({ db, params, form, note }) {
      const imp = await lockImport(db, params.id!)
      if (imp.etat !== 'correspondance' && imp.etat !== 'pret') throw new Refusal(TROP_TARD)
      const genre = genreDe(imp.genre)
      const { vides_effacent: videsEffacent, ...choix } = form as Record<string, string | boolean>
      const chosen = imp.entetes.map((_, at) => String(choix[`col_${at}`] ?? ''))
      const correspondance = choisie(genre, imp.entetes, chosen)
      await setCorrespondance(db, imp.id, correspondance, videsEffacent === true)
      await rememberCorrespondance(
        db,
        imp.genre,
        empreinteDe(imp.entetes),
        retenue(correspondance, imp.entetes),
      )
      await startEssai(db, { ...imp, correspondance })
      note({
        action: 'import.essai',
        objet: 'imports',
        detail: { genre: imp.genre, fichier: imp.fichier.nom },
      })
      return redirect(`/gestion/imports/${imp.id}`)
    },
  }),
  act('/gestion/imports/:id/retour', {
    can,
    async run({ db, params, note }) {
      const imp = await lockImport(db, params.id!)
      if (imp.etat !== 'pret') throw new Refusal(TROP_TARD)
      await deleteLignes(db, imp.id)
      await markIdle(db, imp.id, 'correspondance')
      note({ action: 'import.colonnes', objet: 'imports' })
      return redirect(`/gestion/imports/${imp.id}`)
    },
  }),
  act('/gestion/imports/:id/confirmation', {
    can,
    form: confirmation,
    rerender: '/gestion/imports/:id',
    async run({ db, params, form, today, note }) {
      const imp = await lockImport(db, params.id!)
      if (imp.etat !== 'pret') throw new Refusal(TROP_TARD)
      const genre = genreDe(imp.genre)
      const { nouveau = 0, modifie = 0, absent = 0 } = imp.comptes
      const absents = genre.absents && absent > 0 ? form.absents : 'garder'
      const le = absents === 'retirer' && genre.absents?.date ? form.absents_le : ''
      if (absents === 'retirer' && genre.absents?.date && le === '') {
        throw new Refusal('Indiquez la date de départ à enregistrer.', 'absents_le')
      }
      if (le > today) throw new Refusal('La date de départ ne peut pas être dans l’avenir.', 'absents_le')
      if (nouveau + modifie === 0 && absents === 'garder') {
        throw new Refusal('Ce fichier ne change rien\u00a0: il n’y a rien à importer.')
      }
      await setAbsents(db, imp.id, absents, le === '' ? null : le)
      await startApplication(db, { ...imp, absents, absents_le: le === '' ? null : le })
      note({
        action: 'import.confirme',
        objet: 'imports',
        detail: { genre: imp.genre, fichier: imp.fichier.nom, absents, ...imp.comptes },
      })
      return redirect(`/gestion/imports/${imp.id}`)
    },
  }),
  act('/gestion/imports/:id/abandon', {
    can,
    async run({ db, params, note }) {
      const imp = await lockImport(db, params.id!)
      if (imp.etat !== 'pret' && imp.etat !== 'correspondance') throw new Refusal(TROP_TARD)
      await abandonImport(db, imp.id)
      note({ action: 'import.abandonne', objet: 'imports', detail: { fichier: imp.fichier.nom } })
      return redirect('/gestion/imports', 'L’import est abandonné\u00a0: rien n’a été enregistré.')
    },
  }),
]

const TROP_TARD = 'Cet import n’en est plus là. Rechargez la page pour voir où il en est.'

/** The titles and some rows, to choose the columns by. @throws FileRefused */
async function regarder(path: string, name: string) {
  const table = await openTable(path, name, LIMITS)
  try {
    const exemples: string[][] = []
    for await (const { cells } of table.rows()) {
      exemples.push(cells)
      if (exemples.length === EXEMPLES) break
    }
    if (table.header.cells.every((cell) => cell === '')) throw emptyTable(name)
    if (exemples.length === 0) throw onlyHeader(name)
    return { header: table.header, exemples }
  } finally {
    await table.close()
  }
}
