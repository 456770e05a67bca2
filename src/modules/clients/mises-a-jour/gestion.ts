import { type Route, act, file, page, redirect, view } from '../../../kernel/page.ts'
import { backToList, bandeauOf } from '../../demandes/bandeau.ts'
import { accept, refuse } from './decision.ts'
import { refus } from './forms.ts'
import { listMouvements, readListe, readRecepisse } from './queries.ts'
import { etatDe, ligne } from './shown.ts'

const LISTE = '/gestion/mises-a-jour-clients'

/** What the staff does with the lists that firms send. */
export const gestion: Route[] = [
  page(LISTE, {
    can: 'gestion.listes-clients.decide',
    run: () => redirect('/gestion/demandes?genre=liste-clients'),
  }),
  page(`${LISTE}/:id`, {
    can: 'gestion.listes-clients.decide',
    async run(ctx) {
      const { db, params } = ctx
      const liste = await readListe(db, params.id!)
      const mouvements = await listMouvements(db, liste.id, 1000)
      return view('clients/gestion-fiche', {
        suiviDemande: await bandeauOf(ctx, 'liste-clients', liste.id),
        liste,
        etat: etatDe(liste),
        mouvements: mouvements.map(ligne),
        breadcrumb: [{ libelle: 'Demandes', url: '/gestion/demandes' }, { libelle: liste.recepisse }],
      })
    },
  }),
  page(`${LISTE}/:id/recepisse`, {
    can: 'gestion.listes-clients.decide',
    journal: true,
    async run({ db, params }) {
      return file(await readRecepisse(db, params.id!), { inline: true })
    },
  }),
  act(`${LISTE}/:id/acceptation`, {
    can: 'gestion.listes-clients.decide',
    rerender: `${LISTE}/:id`,
    async run(ctx) {
      const { db, user, params, note } = ctx
      const { id, recepisse } = await accept(db, params.id!, user.id)
      note({ action: 'clients.acceptes', objet: 'liste', objetId: id, detail: { recepisse } })
      return redirect(
        backToList(ctx),
        `La liste ${recepisse} est acceptée\u00a0: les fiches sont à jour, le cabinet est prévenu.`,
      )
    },
  }),
  act(`${LISTE}/:id/refus`, {
    can: 'gestion.listes-clients.decide',
    form: refus,
    rerender: `${LISTE}/:id`,
    async run(ctx) {
      const { db, user, params, form, note } = ctx
      const { id, recepisse } = await refuse(db, params.id!, user.id, form.motif)
      note({ action: 'clients.refuses', objet: 'liste', objetId: id, detail: { recepisse } })
      return redirect(
        backToList(ctx),
        `La liste ${recepisse} est refusée\u00a0; le cabinet est prévenu et lira le motif.`,
      )
    },
  }),
]
