import { z } from 'zod'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { choix, coche, texte } from '../../kernel/forms.ts'
import { pluriel } from '../../kernel/formats.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { FORMATS } from '../../kernel/tableur/export.ts'
import { GENRES_IN_PATH, GENRE_OF, mayIssue } from '../clotures/emission.ts'
import { listAdherentsDeCloture, listCloturesById, readRegles } from '../clotures/queries.ts'
import { GENRES, type Genre } from '../documents/document.ts'
import { LIBELLES_GENRE } from '../publications/ligne.ts'
import { exportCampagnes } from '../publications/export.ts'
import { startPublication } from '../publications/publication.ts'
import { publicationAt, quandFields } from '../publications/quand.ts'
import { campagnes } from '../publications/liste.ts'
import { insertPublication, readPublication } from '../publications/queries.ts'
import { type Selection, asked, selectionFields, selectionOf } from '../selections/selection.ts'
import { showSelection } from '../selections/shown.ts'
import { countVises, insertVises, listVises } from './queries.ts'

const can = 'gestion.emissions.manage'
/** Of the selection, how many are tried on the page before anything is made. */
const SAMPLE = 100
const SHOWN = 8

const Preparation = z.object({
  genre: z
    .enum(['', ...GENRES])
    .catch('')
    .default(''),
  ...selectionFields,
})

const Emission = z.object({
  titre: texte('le nom de la campagne', 120),
  genre: choix('le genre de document', GENRES),
  prevenir: coche,
  ...quandFields,
  ...selectionFields,
})

export const routes: Route[] = [
  campagnes('/gestion/emissions', can, 'emission'),
  page('/gestion/emissions.:format', {
    can,
    words: FORMATS,
    journal: true,
    run: (ctx) => exportCampagnes(ctx, 'emission', 'documents-en-nombre'),
  }),
  page('/gestion/emissions/nouvelle', {
    can,
    query: Preparation,
    run: async (ctx) => {
      const { db, today } = ctx
      // A form that was refused comes back with its own fields.
      const typed = (ctx as unknown as { again?: { values: Record<string, unknown> } }).again?.values
      const { genre, ...query } = Preparation.parse(typed ?? ctx.query)
      const selection = selectionOf(query)
      const forme = await showSelection(db, selection, today)
      const ready = genre !== '' && selection.exercice !== ''
      return view('emissions/nouvelle', {
        genres: GENRES.map((valeur) => ({ valeur, libelle: LIBELLES_GENRE[valeur] })),
        genre,
        forme,
        incomplet: genre !== '' && selection.exercice === '',
        essai: ready ? await tryOut(db, genre, selection, today) : null,
        titre: ready ? `${LIBELLES_GENRE[genre]} ${selection.exercice}` : '',
        caches: { ...asked(selection), genre },
        plusTard: true,
        breadcrumb: [
          { libelle: 'Documents en nombre', url: '/gestion/emissions' },
          { libelle: 'Établir des documents' },
        ],
      })
    },
  }),
  act('/gestion/emissions/nouvelle', {
    can,
    form: Emission,
    large: true,
    run: async ({ db, form, today, now, user, note }) => {
      const selection = selectionOf(form)
      if (selection.exercice === '') throw new Refusal('Choisissez l’exercice.', 'exercice')
      const at = publicationAt(form, now)
      const id = await insertPublication(db, {
        source: 'emission',
        titre: form.titre,
        genre: form.genre,
        exercice: Number(selection.exercice),
        selection: asked(selection),
      })
      const n = await insertVises(db, id, form.genre, selection, today)
      if (n === 0) throw new Refusal('Personne ne correspond à cette sélection.')
      await db.run(sql`update publications set verifiee_le = now(), confirmee_le = now(), confirmee_par = ${user.id},
        avec_partis = ${selection.partis === 'oui'}, prevenir = ${form.prevenir && form.quand !== 'plus_tard'},
        publier = ${form.quand !== 'plus_tard'}, publier_le = ${at?.toISOString() ?? null}::timestamptz where id = ${id}`)
      await startPublication(db, await readPublication(db, id), `/gestion/publications/${id}`)
      note({
        action: 'emission.demandee',
        objet: 'publication',
        objetId: id,
        detail: { genre: form.genre, documents: n, selection: asked(selection), publier_le: at },
      })
      return redirect(
        `/gestion/publications/${id}`,
        `${pluriel(n, 'document va être établi', 'documents vont être établis')}.`,
      )
    },
  }),
]

/** What would come of the first of the selection: how many can be made, why the others cannot, and a preview of some. */
async function tryOut(db: Db, genre: Genre, selection: Selection, today: string) {
  const [total, vises, regles] = await Promise.all([
    countVises(db, selection, today),
    listVises(db, selection, today, SAMPLE),
    readRegles(db),
  ])
  const [clotures, adherents] = await Promise.all([
    listCloturesById(db, vises.map((v) => v.cloture_id)), // prettier-ignore
    listAdherentsDeCloture(db, [...new Set(vises.map((v) => v.adherent_id))]),
  ])
  const cloture = new Map(clotures.map((c) => [c.id, c]))
  const adherent = new Map(adherents.map((a) => [a.id, a]))
  const tried = vises.map((v) => ({
    ...v,
    decision: mayIssue(genre, cloture.get(v.cloture_id)!, adherent.get(v.adherent_id)!, regles, today),
  }))
  const reasons = new Map<string, number>()
  for (const { decision } of tried)
    if (!decision.ok) reasons.set(decision.raison, (reasons.get(decision.raison) ?? 0) + 1)
  const path = GENRES_IN_PATH.find((name) => GENRE_OF[name] === genre)
  const possible = tried.filter((t) => t.decision.ok)
  return {
    total,
    essayes: tried.length,
    possibles: possible.length,
    raisons: [...reasons].map(([raison, n]) => ({ raison, n })).sort((a, b) => b.n - a.n),
    apercus: possible
      .slice(0, SHOWN)
      .map((t) => ({ ...t, url: `/gestion/clotures/${t.cloture_id}/${path}/apercu` })),
  }
}
