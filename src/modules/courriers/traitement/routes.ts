import { Refusal } from '../../../kernel/errors.ts'
import { heure } from '../../../kernel/formats.ts'
import {
  type Ctx, type Reply, type Route, type SignedIn, act, page, redirect, view,
} from '../../../kernel/page.ts' // prettier-ignore
import { lien } from '../../../kernel/views.ts'
import { addDays } from '../../clotures/calendrier.ts'
import { LIBELLES } from '../courrier.ts'
import { listQuestions, listRelances, readCourrier } from '../queries.ts'
import { listLignes, listReponses } from '../reponses/queries.ts'
import { type Suite, decide } from './decision.ts'
import { Filtres, Traitement } from './forms.ts'
import { findPrise, placeInQueue, release, take, takeNext } from './queries.ts'

const can = 'gestion.courriers.manage'
const BASE = '/gestion/courriers'
const PAGE = `${BASE}/:id/traitement`
const CLE = 'traitement'

/** How far a person is in what he works through; another choice of filters begins anew. */
interface Parcours {
  cle: string
  faits: number
}

const PHRASES: Record<Suite, string> = {
  clos: 'Le courrier est clos.',
  redemande: 'Le complément est demandé.',
  enregistre: 'Les décisions sont enregistrées.',
  rien: 'Rien n’a été décidé.',
}

/** Answers, one after the other, without going back to the list. */
export const routes: Route[] = [
  act(`${BASE}/traitement`, {
    can,
    form: Filtres,
    rerender: BASE,
    journal: false,
    async run({ db, user, form, now, session }) {
      session.set(CLE, { cle: JSON.stringify(form), faits: 0 } satisfies Parcours)
      const id = await takeNext(db, user, form, now)
      if (id === undefined)
        throw new Refusal(
          'Il n’y a rien à traiter ici : ces réponses sont traitées, ou un collègue s’en occupe.',
        )
      return redirect(lien(`${BASE}/${id}/traitement`, form))
    },
  }),
  page(PAGE, { can, query: Filtres, run: show }),
  act(PAGE, { can, form: Traitement, run: treat }),
  act(`${PAGE}/reprise`, {
    can,
    form: Filtres,
    rerender: PAGE,
    async run({ db, user, params, form, now, note }) {
      const courrier = await readCourrier(db, params.id!)
      const before = await findPrise(db, courrier.id, now)
      await take(db, user, courrier.id, now, true)
      note({
        action: 'courrier.repris',
        objet: 'courrier',
        adherentId: courrier.adherent_id,
        detail: { a: before?.nom ?? '' },
      })
      return redirect(lien(`${BASE}/${courrier.id}/traitement`, form), 'Vous traitez maintenant ce courrier.')
    },
  }),
]

async function show(ctx: Ctx<undefined, Filtres> & SignedIn): Promise<Reply> {
  const { db, user, params, query, now, today, session } = ctx
  const courrier = await readCourrier(db, params.id!)
  // After a form that was refused the address holds no filters: those of the session go on.
  const parcours = session.get(CLE) as Parcours | undefined
  const asked = JSON.stringify(query) === VIDE && parcours ? Filtres.parse(JSON.parse(parcours.cle)) : query
  if (courrier.publie_le === null || courrier.repondu_le === null || courrier.clos_le !== null)
    return redirect(`${BASE}/${courrier.id}`, 'Ce courrier n’attend aucune décision.')
  await take(db, user, courrier.id, now)
  const [prise, questions, relances, reponses, place] = await Promise.all([
    findPrise(db, courrier.id, now),
    listQuestions(db, courrier.id),
    listRelances(db, courrier.id),
    listReponses(db, courrier.id),
    placeInQueue(db, asked, courrier.id),
  ])
  const lignes = await listLignes(db, reponses.map((r) => r.id)) // prettier-ignore
  const faits = parcours?.cle === JSON.stringify(asked) ? parcours.faits : 0
  const autre = prise && prise.utilisateur_id !== user.id ? prise : null
  return view('courriers/traitement', {
    courrier,
    type: LIBELLES[courrier.genre],
    questions: questions.map((q) => ({
      ...q,
      reponses: lignes
        .filter((l) => l.question_id === q.id)
        .map((l) => ({ ...l, de: reponses.find((r) => r.id === l.reponse_id)! }))
        .sort((a, b) => (b.de.transmise_le ?? '').localeCompare(a.de.transmise_le ?? '')),
    })),
    relances: relances.length,
    filtres: asked,
    liste: lien(BASE, { ...asked, etat: 'a-traiter' }),
    autre: autre && { nom: autre.nom, jusqua: heure(autre.jusqu_a) },
    position: place.rang === 0 ? null : { rang: faits + place.rang, total: faits + place.total },
    avant: addDays(today, 15),
    breadcrumb: [
      { libelle: 'Courriers', url: BASE },
      { libelle: 'Réponses à traiter', url: lien(BASE, { ...asked, etat: 'a-traiter' }) },
      { libelle: courrier.numero ?? 'Courrier' },
    ],
  })
}

const VIDE = JSON.stringify(Filtres.parse({}))

async function treat(ctx: Ctx<Traitement> & SignedIn): Promise<Reply> {
  const { db, user, params, form, today, now, note, session } = ctx
  const id = params.id!
  const { repondu_le: place } = await readCourrier(db, id)
  if (!(await take(db, user, id, now))) {
    const prise = await findPrise(db, id, now)
    throw new Refusal(`${prise?.nom ?? 'Un collègue'} traite ce courrier. Rien n’a été changé.`)
  }
  const passed = form.geste === 'passer'
  const suite = passed ? null : await decide(db, user, id, form, today, note)
  if (suite === 'rien')
    throw new Refusal('Choisissez ce que vous acceptez ou redemandez, ou passez au courrier suivant.')
  if (passed) note({ action: 'courrier.passe', objet: 'courrier' })
  await release(db, user.id, id)
  const cle = JSON.stringify(form.filtres)
  const before = session.get(CLE) as Parcours | undefined
  // What leaves the queue was done; what stays in it keeps its rank.
  const left = suite === 'clos' || suite === 'redemande' ? 1 : 0
  session.set(CLE, { cle, faits: (before?.cle === cle ? before.faits : 0) + left } satisfies Parcours)
  const next = await takeNext(db, user, form.filtres, now, place === null ? undefined : { id, place })
  const phrase = suite === null ? undefined : PHRASES[suite]
  if (next === undefined)
    return redirect(
      lien(BASE, { ...form.filtres, etat: 'a-traiter' }),
      `${phrase === undefined ? '' : `${phrase} `}Vous êtes au bout de la liste.`,
    )
  return redirect(lien(`${BASE}/${next}/traitement`, { ...form.filtres }), phrase)
}
