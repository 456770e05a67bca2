import { z } from 'zod'
import { Refusal } from '../../../kernel/errors.ts'
import { uuid } from '../../../kernel/forms.ts'
import { writeJournal } from '../../../kernel/journal.ts'
import {
  type Ctx, type Reply, type Route, type SignedIn, act, page, redirect, view,
} from '../../../kernel/page.ts' // prettier-ignore
import { LIBELLES } from '../courrier.ts'
import { ModeleForm, afterGesture, contenuOf } from './forms.ts'
import { type Contenu, GENRES_MODELES, MAX_DEMANDES, textsOf } from './modele.ts'
import {
  insertModele, listModeles, listVersions, lockModele, readModele, retireModele, saveModele,
} from './queries.ts' // prettier-ignore
import { VARIABLES, variablesOf } from './variables.ts'

const can = 'gestion.modeles.manage'
const BASE = '/gestion/courriers/modeles'
const crumbs = [
  { libelle: 'Courriers', url: '/gestion/courriers' },
  { libelle: 'Modèles', url: BASE },
]
const Depuis = z.object({ de: uuid.optional().catch(undefined) })
const Liste = z.object({ retires: z.enum(['', 'oui']).catch('') })
const VIERGE: Contenu = {
  nom: '', genre: 'questions_eccv', destinataire: 'cabinet', objet: '', corps: '', delai_jours: 30,
  questions: [{ nature: 'question', texte: '' }],
} // prettier-ignore

export const routes: Route[] = [
  page(BASE, {
    can,
    query: Liste,
    async run({ db, query }) {
      const modeles = await listModeles(db, query.retires === 'oui')
      return view('courriers/modeles', {
        modeles: modeles.map((m) => ({ ...m, type: LIBELLES[m.genre], variables: variablesOf(textsOf(m)) })),
        requete: { retires: query.retires },
        breadcrumb: [crumbs[0], { libelle: 'Modèles' }],
      })
    },
  }),
  page(`${BASE}/nouveau`, {
    can,
    query: Depuis,
    async run({ db, query }) {
      const from = query.de === undefined ? VIERGE : await readModele(db, query.de)
      return editor({ ...from, nom: query.de === undefined ? '' : `${from.nom} (copie)`.slice(0, 100) }, null)
    },
  }),
  act(`${BASE}/nouveau`, {
    can,
    form: ModeleForm,
    // A gesture on the list of questions is no act: only what is saved is noted.
    journal: false,
    async run(ctx) {
      const { db, user, form } = ctx
      if (form.geste !== 'enregistrer') return editor(VIERGE, null, form)
      const id = await insertModele(db, user, contenuOf(form))
      await noted(ctx, 'modele.cree', id, { nom: form.nom, version: 1 })
      return redirect(`${BASE}/${id}`, `Le modèle « ${form.nom} » est créé.`)
    },
  }),
  page(`${BASE}/:id`, {
    can,
    async run({ db, params }) {
      const [modele, versions] = await Promise.all([readModele(db, params.id!), listVersions(db, params.id!)])
      return editor(modele, { modele, versions })
    },
  }),
  act(`${BASE}/:id`, {
    can,
    form: ModeleForm,
    journal: false,
    async run(ctx) {
      const { db, user, params, form } = ctx
      const before = await lockModele(db, params.id!)
      if (form.geste !== 'enregistrer')
        return editor(before, { modele: before, versions: await listVersions(db, before.id) }, form)
      const contenu = contenuOf(form)
      if (same(before, contenu)) return redirect(`${BASE}/${before.id}`, 'Rien n’a changé.')
      await saveModele(db, user, before, contenu)
      await noted(ctx, 'modele.modifie', before.id, { nom: contenu.nom, version: before.version + 1 })
      return redirect(`${BASE}/${before.id}`, `Le modèle « ${contenu.nom} » est enregistré.`)
    },
  }),
  act(`${BASE}/:id/retrait`, { can, rerender: `${BASE}/:id`, run: (ctx) => retire(ctx, true) }),
  act(`${BASE}/:id/remise`, { can, rerender: `${BASE}/:id`, run: (ctx) => retire(ctx, false) }),
]

type About = { modele: Awaited<ReturnType<typeof readModele>>; versions: unknown[] } | null

/** The page of a model; with a form it shows what that form becomes after its gesture. */
function editor(contenu: Contenu, about: About, form?: ModeleForm): Reply {
  return view('courriers/modele', {
    contenu,
    ...(about ?? { modele: null, versions: [] }),
    ...(form ? { values: afterGesture(form) } : {}),
    genres: GENRES_MODELES.map((valeur) => ({ valeur, libelle: LIBELLES[valeur] })),
    variables: Object.entries(VARIABLES).map(([cle, sens]) => ({ cle: `{{${cle}}}`, sens })),
    max: MAX_DEMANDES,
    breadcrumb: [...crumbs, { libelle: about?.modele.nom ?? 'Nouveau modèle' }],
  })
}

async function retire(ctx: Ctx & SignedIn, away: boolean): Promise<Reply> {
  const { db, user, params, note } = ctx
  const modele = await lockModele(db, params.id!)
  if ((modele.retire_le !== null) === away)
    throw new Refusal(away ? 'Ce modèle est déjà retiré.' : 'Ce modèle est déjà en service.')
  await retireModele(db, modele.id, away ? user.id : null)
  note({ action: away ? 'modele.retire' : 'modele.remis', objet: 'modele', detail: { nom: modele.nom } })
  return redirect(
    `${BASE}/${modele.id}`,
    away
      ? `Le modèle « ${modele.nom} » n’est plus proposé.`
      : `Le modèle « ${modele.nom} » est de nouveau proposé.`,
  )
}

function same(a: Contenu, b: Contenu): boolean {
  const key = (c: Contenu) =>
    JSON.stringify([c.nom, c.genre, c.destinataire, c.objet, c.corps, c.delai_jours, c.questions.map((q) => [q.nature, q.texte])]) // prettier-ignore
  return key(a) === key(b)
}

function noted(
  { db, user, request }: Ctx & SignedIn,
  action: string,
  objetId: string,
  detail: Record<string, unknown>,
): Promise<void> {
  return writeJournal(db, user, {
    action,
    objet: 'modele',
    objetId,
    adherentId: null,
    detail,
    request: request.id,
  })
}
