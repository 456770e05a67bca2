import { FEC, TRANSFERTS } from '../../kernel/files/allow-list.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { type ClientFiche, readClient } from '../clients/queries.ts'
import { send } from './envoi.ts'
import { envoyerFec, noter, pageFec } from './fec.ts'
import { envoi, envoiFec, pages } from './forms.ts'
import { listOf } from './queries.ts'
import { line } from './shown.ts'
import { GENRES, MAX_FICHIERS } from './transfert.ts'

const PAR_PAGE = 20

/** What a firm sends for one of its clients. */
export const clients: readonly Route[] = [
  page('/clients/:id/transferts', {
    can: 'clients.transferts',
    query: pages,
    async run({ db, params, query: asked }) {
      const client = await readClient(db, params.id!)
      const rows = await listOf(db, client.id, { ...asked, limit: PAR_PAGE + 1 })
      const path = `/clients/${client.id}/transferts`
      const { lignes, pager } = keysetPage({
        rows,
        size: PAR_PAGE,
        asked,
        cursor: (row) => row.accuse,
        path,
        nom: 'transferts de ce client',
      })
      return view('transferts/client', {
        ...shown(client),
        onglet: 'transferts',
        transferts: lignes.map(line),
        pager,
        genres: Object.entries(GENRES).map(([valeur, libelle]) => ({ valeur, libelle })),
        regle: TRANSFERTS,
        maxFichiers: MAX_FICHIERS,
      })
    },
  }),
  act('/clients/:id/transferts', {
    can: 'clients.transferts',
    form: envoi,
    upload: { rule: TRANSFERTS, maxFiles: MAX_FICHIERS },
    async run(ctx) {
      const client = await readClient(ctx.db, ctx.params.id!)
      const sent = await send(ctx, client.id)
      noter(ctx, sent, client.id)
      return redirect(`/transferts/${sent.id}`, `Votre envoi est bien arrivé. Son numéro est ${sent.accuse}.`)
    },
  }),
  page('/clients/:id/fec', {
    can: 'clients.transferts',
    async run({ db, params }) {
      const client = await readClient(db, params.id!)
      return pageFec(`/clients/${client.id}/fec`, {
        ...shown(client, 'Contrôler un FEC'),
        pour: client.denomination,
        retour: `/clients/${client.id}/transferts`,
      })
    },
  }),
  act('/clients/:id/fec', {
    can: 'clients.transferts',
    form: envoiFec,
    upload: { rule: FEC, maxFiles: 1 },
    async run(ctx) {
      const client = await readClient(ctx.db, ctx.params.id!)
      return envoyerFec(ctx, client.id)
    },
  }),
]

function shown(client: ClientFiche, suite = 'Transferts') {
  return {
    client,
    titreClient: client.denomination,
    breadcrumb: [
      { libelle: 'Page d’accueil', url: '/' },
      { libelle: 'Gestion de vos clients', url: '/clients' },
      { libelle: `N°\u00a0${client.numero}`, url: `/clients/${client.id}` },
      { libelle: suite },
    ],
  }
}
