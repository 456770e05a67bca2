import { type Route, act, file, page, redirect, view } from '../../../kernel/page.ts'
import { BASE, MONTRES, trail } from './chemin.ts'
import { sendAll } from './envoi.ts'
import { countPending, listMouvements, listPending, readListe, readRecepisse } from './queries.ts'
import { etatDe, ligne } from './shown.ts'

/** « Envoyer les mises à jour », and what was sent with its récépissé (F55, F56). */
export const envois: Route[] = [
  page(`${BASE}/envoi`, {
    can: 'clients.update',
    async run({ db }) {
      const [arrivees, departs, attente] = await Promise.all([
        listPending(db, 'arrivee', MONTRES),
        listPending(db, 'depart', MONTRES),
        countPending(db),
      ])
      return view('clients/envoi', {
        arrivees: arrivees.map(ligne),
        departs: departs.map(ligne),
        attente,
        breadcrumb: trail('Envoyer les mises à jour'),
      })
    },
  }),
  act(`${BASE}/envoi`, {
    can: 'clients.update',
    rerender: BASE,
    async run(ctx) {
      const { id, recepisse, total } = await sendAll(ctx)
      ctx.note({
        action: 'clients.envoyes',
        objet: 'liste',
        objetId: id,
        detail: { recepisse, lignes: total },
      })
      return redirect(
        `${BASE}/envois/${id}`,
        `Vos mises à jour sont envoyées. Récépissé n°\u00a0${recepisse}.`,
      )
    },
  }),
  page(`${BASE}/envois/:id`, {
    can: 'clients.update',
    async run({ db, params }) {
      const sent = await readListe(db, params.id!)
      const mouvements = await listMouvements(db, sent.id, 1000)
      return view('clients/recepisse', {
        liste: sent,
        etat: etatDe(sent),
        mouvements: mouvements.map(ligne),
        breadcrumb: trail(sent.recepisse),
      })
    },
  }),
  page(`${BASE}/envois/:id/recepisse`, {
    can: 'clients.update',
    journal: true,
    async run({ db, params, note }) {
      const row = await readRecepisse(db, params.id!)
      note({ action: 'clients.recepisse', objet: 'liste', objetId: params.id! })
      return file(row, { inline: true })
    },
  }),
]
