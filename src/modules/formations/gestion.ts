import { pluriel } from '../../kernel/formats.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { hasBegun } from './formation.ts'
import { annulation, depuis, modification, nouvelle, recherche } from './forms.ts'
import {
  type Session,
  insertSession,
  listInscrits,
  listOtherDates,
  listSessions,
  publishSession,
  readSession,
} from './gestion-queries.ts'
import { BASE, can, fields, shown, trail } from './gestion-shown.ts'
import { ETATS, cancelWhole, edit, etatOf } from './session.ts'

const PAR_PAGE = 30
const VUES = [
  { valeur: '', libelle: 'À venir' },
  { valeur: 'passees', libelle: 'Passées' },
  { valeur: 'brouillons', libelle: 'Brouillons' },
  { valeur: 'annulees', libelle: 'Annulées' },
]

/** Sessions as staff keeps them: dates, places, who comes, who came. */
export const gestion: Route[] = [
  page(BASE, {
    can,
    query: recherche,
    async run({ db, query: asked, now }) {
      const requete = { vue: asked.vue === 'a_venir' ? '' : asked.vue }
      const rows = await listSessions(db, { ...asked, limit: PAR_PAGE + 1 })
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked, cursor: (row) => row.id, path: BASE, query: requete, nom: 'formations',
      }) // prettier-ignore
      return view('formations/gestion-liste', {
        formations: lignes.map((row) => shown(row, now)),
        vues: VUES,
        requete,
        pager,
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
        name: 'formations',
        title: 'Formations',
        columns: columns(ctx.now),
        batches: inBatches((last: Session | undefined, limit) =>
          listSessions(ctx.db, { vue: ctx.query.vue, apres: last?.id, limit }),
        ),
        note: { action: 'formations.exportees', objet: 'formations', detail: { vue: ctx.query.vue } },
      }),
  }),
  page(`${BASE}/nouvelle`, {
    can,
    query: depuis,
    async run({ db, query }) {
      const modele = query.modele === undefined ? null : await readSession(db, query.modele)
      return view('formations/gestion-formulaire', {
        nouveau: true,
        formation: modele ? { ...fields(modele), jour: '', jour_fin: '' } : { places: 12 },
        modele: modele && (modele.modele_id ?? modele.id),
        breadcrumb: trail(modele ? `Autre session : ${modele.titre}` : 'Nouvelle formation'),
      })
    },
  }),
  act(`${BASE}/nouvelle`, {
    can,
    form: nouvelle,
    async run({ db, form, note }) {
      const modele = form.modele === '' ? null : (await readSession(db, form.modele)).id
      const id = await insertSession(db, form, modele)
      if (form.suite === 'publier') await publishSession(db, id)
      note({ action: 'formations.create', objet: 'formations', objetId: id, detail: { titre: form.titre } })
      return redirect(
        `${BASE}/${id}`,
        form.suite === 'publier'
          ? 'La formation est publiée : les inscriptions sont ouvertes.'
          : 'Le brouillon est enregistré.',
      )
    },
  }),
  page(`${BASE}/:id`, {
    can,
    async run({ db, params, now }) {
      const session = await readSession(db, params.id!)
      const [inscrits, dates] = await Promise.all([listInscrits(db, session.id), listOtherDates(db, session)])
      return view('formations/gestion-fiche', {
        formation: shown(session, now),
        commencee: hasBegun(session, now),
        inscrits: inscrits.filter((one) => one.attente_depuis === null),
        attente: inscrits.filter((one) => one.attente_depuis !== null),
        relevees: inscrits.some((one) => one.presence !== null),
        dates,
        breadcrumb: trail(session.titre),
      })
    },
  }),
  page(`${BASE}/:id/modification`, {
    can,
    async run({ db, params }) {
      const session = await readSession(db, params.id!)
      return view('formations/gestion-formulaire', {
        nouveau: false,
        formation: fields(session),
        breadcrumb: trail(session.titre, session.id, 'Modifier'),
      })
    },
  }),
  act(`${BASE}/:id/modification`, {
    can,
    form: modification,
    async run({ db, params, form, note }) {
      const given = await edit(db, params.id!, form)
      note({
        action: 'formations.update',
        objet: 'formations',
        detail: { titre: form.titre, places: form.places },
      })
      const more =
        given === 0
          ? ''
          : ` ${pluriel(given, 'personne de la liste d’attente a', 'personnes de la liste d’attente ont')} maintenant une place, et un courriel.`
      return redirect(`${BASE}/${params.id}`, `Les modifications sont enregistrées.${more}`)
    },
  }),
  act(`${BASE}/:id/publication`, {
    can,
    rerender: `${BASE}/:id`,
    async run({ db, params, note }) {
      const session = await readSession(db, params.id!)
      await publishSession(db, session.id)
      note({ action: 'formations.publish', objet: 'formations', detail: { titre: session.titre } })
      return redirect(`${BASE}/${session.id}`, 'La formation est publiée : les inscriptions sont ouvertes.')
    },
  }),
  page(`${BASE}/:id/annulation`, {
    can,
    async run({ db, params, now }) {
      const session = await readSession(db, params.id!)
      return view('formations/gestion-annulation', {
        formation: shown(session, now),
        breadcrumb: trail(session.titre, session.id, 'Annuler'),
      })
    },
  }),
  act(`${BASE}/:id/annulation`, {
    can,
    form: annulation,
    async run({ db, params, form, now, note }) {
      const told = await cancelWhole(db, params.id!, form.motif, now)
      note({
        action: 'formations.cancel-session',
        objet: 'formations',
        detail: { motif: form.motif, prevenus: told },
      })
      const who =
        told === 0
          ? 'Personne n’était inscrit.'
          : `Un courriel prévient ${pluriel(told, 'personne', 'personnes')}.`
      return redirect(`${BASE}/${params.id}`, `La formation est annulée. ${who}`)
    },
  }),
]

function columns(now: Date): Column<Session>[] {
  return [
    { titre: 'Formation', largeur: 50, valeur: (row) => row.titre },
    { titre: 'Du', genre: 'jour', valeur: (row) => row.jour },
    { titre: 'Au', genre: 'jour', valeur: (row) => row.jour_fin },
    { titre: 'Début', valeur: (row) => row.heure_debut },
    { titre: 'Fin', valeur: (row) => row.heure_fin },
    { titre: 'Durée (minutes)', genre: 'nombre', valeur: (row) => row.duree_minutes },
    { titre: 'Lieu', largeur: 30, valeur: (row) => row.lieu },
    { titre: 'Intervenant', largeur: 30, valeur: (row) => row.intervenant },
    { titre: 'Places', genre: 'nombre', valeur: (row) => row.places },
    { titre: 'Inscrits', genre: 'nombre', valeur: (row) => row.inscrits },
    { titre: 'Liste d’attente', genre: 'nombre', valeur: (row) => row.attente },
    { titre: 'État', valeur: (row) => ETATS[etatOf(row, now)].libelle },
  ]
}
