import { isoDay, pluriel } from '../../kernel/formats.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Ctx, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { attestation } from './attester.ts'
import { duree, hasBegun, horaires } from './formation.ts'
import { annulation, depuis, inscription, modification, nouvelle, presences, recherche } from './forms.ts'
import {
  type Inscrit,
  type Session,
  insertSession,
  listInscrits,
  listOtherDates,
  listSessions,
  publishSession,
  readSession,
} from './gestion-queries.ts'
import { readAttendance } from './queries.ts'
import { ETATS, cancelWhole, edit, enrolByNumber, etatOf, recordAttendance, takeOff } from './session.ts'

const BASE = '/gestion/formations'
const can = 'gestion.formations.manage'
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
  act(`${BASE}/:id/inscriptions`, {
    can,
    form: inscription,
    rerender: `${BASE}/:id`,
    async run({ db, params, form, now, note }) {
      const { adherentId, nom, waits } = await enrolByNumber(db, params.id!, form.numero, now)
      note({ action: waits ? 'formations.wait' : 'formations.enrol', objet: 'formations', adherentId })
      return redirect(
        `${BASE}/${params.id}`,
        waits ? `${nom} est sur la liste d’attente.` : `${nom} est inscrit.`,
      )
    },
  }),
  act(`${BASE}/:id/inscriptions/:inscription/annulation`, {
    can,
    rerender: `${BASE}/:id`,
    async run({ db, params, now, note }) {
      const adherentId = await takeOff(db, params.id!, params.inscription!, now)
      note({ action: 'formations.cancel', objet: 'formations', adherentId })
      return redirect(
        `${BASE}/${params.id}`,
        'L’inscription est annulée. S’il y a une liste d’attente, la place est donnée.',
      )
    },
  }),
  act(`${BASE}/:id/presences`, {
    can,
    form: presences,
    rerender: `${BASE}/:id`,
    async run({ db, params, form, now, note }) {
      await recordAttendance(db, params.id!, form.presents, now)
      note({
        action: 'formations.presences',
        objet: 'formations',
        detail: { presents: form.presents.length },
      })
      return redirect(
        `${BASE}/${params.id}`,
        'Les présences sont relevées. Les personnes présentes trouvent leur attestation sur la page de la formation.',
      )
    },
  }),
  page(`${BASE}/:id/emargement`, {
    can,
    async run({ db, params, now }) {
      const [session, inscrits] = await Promise.all([
        readSession(db, params.id!),
        listInscrits(db, params.id!),
      ])
      return view('formations/gestion-emargement', {
        formation: shown(session, now),
        inscrits: inscrits.filter((one) => one.attente_depuis === null),
        lignesVides: Array.from({ length: 3 }, (_, i) => i),
        breadcrumb: trail(session.titre, session.id, 'Feuille d’émargement'),
      })
    },
  }),
  page(`${BASE}/:id/inscrits.:format`, {
    can,
    words: FORMATS,
    journal: true,
    async run(ctx) {
      const [session, inscrits] = await Promise.all([
        readSession(ctx.db, ctx.params.id!),
        listInscrits(ctx.db, ctx.params.id!),
      ])
      return exportTable<Inscrit>(ctx, {
        name: 'inscrits',
        title: 'Inscrits',
        columns: COLUMNS,
        batches: once(inscrits),
        note: { action: 'formations.export', objet: 'formations', objetId: session.id },
      })
    },
  }),
  page(`${BASE}/:id/attestations/:inscription`, {
    can,
    journal: true,
    run: async (ctx: Ctx) =>
      attestation(
        ctx,
        await readAttendance(ctx.db, ctx.params.id!, { inscriptionId: ctx.params.inscription! }),
      ),
  }),
]

async function* once<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows
}

const PRESENCES = { present: 'présent', absent: 'absent' }

const COLUMNS: Column<Inscrit>[] = [
  { titre: 'N° adhérent', valeur: (row) => row.numero },
  { titre: 'Civilité', valeur: (row) => row.civilite },
  { titre: 'Nom ou dénomination', valeur: (row) => row.denomination },
  { titre: 'Cabinet', valeur: (row) => row.cabinet },
  { titre: 'Téléphone', valeur: (row) => row.telephone },
  { titre: 'Courriel', valeur: (row) => row.courriel },
  { titre: 'Inscrit le', genre: 'jour', valeur: (row) => isoDay(row.inscrit_le) },
  { titre: 'État', valeur: (row) => (row.attente_depuis === null ? 'inscrit' : 'liste d’attente') },
  { titre: 'Présence', valeur: (row) => (row.presence === null ? '' : PRESENCES[row.presence]) },
]

function shown(session: Session, now: Date) {
  return {
    ...session,
    etat: ETATS[etatOf(session, now)],
    duree: duree(session.duree_minutes),
    horaires: horaires(session),
  }
}

/** A session as its form shows it. */
function fields(session: Session) {
  const { jour, jour_fin, duree_minutes } = session
  return {
    ...session,
    jour_fin: jour_fin === jour ? '' : jour_fin,
    adresse: session.adresse.join('\n'),
    duree: String(Math.round((duree_minutes / 60) * 100) / 100).replace('.', ','),
  }
}

function trail(titre: string, id?: string, last?: string) {
  const first = { libelle: 'Formations', url: BASE }
  return id === undefined
    ? [first, { libelle: titre }]
    : [first, { libelle: titre, url: `${BASE}/${id}` }, { libelle: last }]
}
