import { isoDay } from '../../kernel/formats.ts'
import { type Ctx, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../kernel/tableur/export.ts'
import { attestation } from './attester.ts'
import { inscription, presences } from './forms.ts'
import { type Inscrit, listInscrits, readSession } from './gestion-queries.ts'
import { BASE, can, shown, trail } from './gestion-shown.ts'
import { readAttendance } from './queries.ts'
import { enrolByNumber, recordAttendance, takeOff } from './session.ts'

/** Who comes to a session, and who came. */
export const inscriptions: Route[] = [
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
        batches: inBatches(() => Promise.resolve(inscrits), Infinity),
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
