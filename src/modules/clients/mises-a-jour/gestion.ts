import { keysetPage } from '../../../kernel/keyset.ts'
import { type Route, act, file, page, redirect, view } from '../../../kernel/page.ts'
import { accept, listBoite, refuse } from './decision.ts'
import { boite, refus } from './forms.ts'
import { listMouvements, readListe, readRecepisse } from './queries.ts'
import { etatDe, ligne } from './shown.ts'

const LISTE = '/gestion/mises-a-jour-clients'
const PAR_PAGE = 50

/** What the staff does with the lists that firms send. */
export const gestion: Route[] = [
  page(LISTE, {
    can: 'gestion.listes-clients.decide',
    query: boite,
    async run({ db, query }) {
      const rows = await listBoite(db, { ...query, limit: PAR_PAGE + 1 })
      const requete = { etat: query.etat }
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: LISTE, query: requete, nom: 'mises à jour',
      }) // prettier-ignore
      return view('clients/gestion-liste', {
        listes: lignes.map((l) => ({ ...l, etat: etatDe(l) })),
        requete,
        pager,
      })
    },
  }),
  page(`${LISTE}/:id`, {
    can: 'gestion.listes-clients.decide',
    async run({ db, params }) {
      const liste = await readListe(db, params.id!)
      const mouvements = await listMouvements(db, liste.id, 1000)
      return view('clients/gestion-fiche', {
        liste,
        etat: etatDe(liste),
        mouvements: mouvements.map(ligne),
        breadcrumb: [
          { libelle: 'Accueil', url: '/' },
          { libelle: 'Listes des clients', url: LISTE },
          { libelle: liste.recepisse },
        ],
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
    async run({ db, user, params, note }) {
      const { id, recepisse } = await accept(db, params.id!, user.id)
      note({ action: 'clients.acceptes', objet: 'liste', objetId: id, detail: { recepisse } })
      return redirect(
        LISTE,
        `La liste ${recepisse} est acceptée\u00a0: les fiches sont à jour, le cabinet est prévenu.`,
      )
    },
  }),
  act(`${LISTE}/:id/refus`, {
    can: 'gestion.listes-clients.decide',
    form: refus,
    rerender: `${LISTE}/:id`,
    async run({ db, user, params, form, note }) {
      const { id, recepisse } = await refuse(db, params.id!, user.id, form.motif)
      note({ action: 'clients.refuses', objet: 'liste', objetId: id, detail: { recepisse } })
      return redirect(
        LISTE,
        `La liste ${recepisse} est refusée\u00a0; le cabinet est prévenu et lira le motif.`,
      )
    },
  }),
]
