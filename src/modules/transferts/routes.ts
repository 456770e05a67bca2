import { FEC, TRANSFERTS } from '../../kernel/files/allow-list.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { download } from './download.ts'
import { controlesDe } from '../fec/queries.ts'
import { ligneDe } from '../fec/shown.ts'
import { send } from './envoi.ts'
import { envoyerFec, noter, pageFec } from './fec.ts'
import { envoi, envoiFec, pages } from './forms.ts'
import { listMine, readTransfert } from './queries.ts'
import { fileLine, line } from './shown.ts'
import { GENRES, MAX_FICHIERS } from './transfert.ts'

const PAR_PAGE = 20

/** What an adhérent does: sends files, keeps the acknowledgements, sees what became of them (F12). */
export const routes: readonly Route[] = [
  page('/transferts', {
    can: 'transferts.send',
    query: pages,
    async run({ db, query: asked }) {
      const rows = await listMine(db, { ...asked, limit: PAR_PAGE + 1 })
      const { lignes, pager } = keysetPage({
        rows,
        size: PAR_PAGE,
        asked,
        cursor: (row) => row.accuse,
        path: '/transferts',
        nom: 'mes envois',
      })
      return view('transferts/transferts', {
        transferts: lignes.map(line),
        pager,
        genres: Object.entries(GENRES).map(([valeur, libelle]) => ({ valeur, libelle })),
        regle: TRANSFERTS,
        maxFichiers: MAX_FICHIERS,
      })
    },
  }),
  act('/transferts', {
    can: 'transferts.send',
    form: envoi,
    upload: { rule: TRANSFERTS, maxFiles: MAX_FICHIERS },
    async run(ctx) {
      const adherentId = ctx.user.adherentId!
      const sent = await send(ctx, adherentId)
      noter(ctx, sent, adherentId)
      return redirect(`/transferts/${sent.id}`, `Votre envoi est bien arrivé. Son numéro est ${sent.accuse}.`)
    },
  }),
  page('/transferts/fec', {
    can: 'transferts.send',
    run: () =>
      pageFec('/transferts/fec', {
        retour: '/transferts',
        breadcrumb: [
          { libelle: 'Transfert de données', url: '/transferts' },
          { libelle: 'Contrôler un FEC' },
        ],
      }),
  }),
  act('/transferts/fec', {
    can: 'transferts.send',
    form: envoiFec,
    upload: { rule: FEC, maxFiles: 1 },
    run: (ctx) => envoyerFec(ctx, ctx.user.adherentId!),
  }),
  page('/transferts/:id', {
    can: 'transferts.read',
    async run({ db, params, user }) {
      const [transfert, controles] = await Promise.all([
        readTransfert(db, params.id!),
        controlesDe(db, params.id!),
      ])
      const envois =
        user.adherentId === null
          ? { libelle: transfert.adherent_nom, url: `/clients/${transfert.adherent_id}/transferts` }
          : { libelle: 'Transfert de données', url: '/transferts' }
      return view('transferts/accuse', {
        transfert: line(transfert),
        controles: controles.map(ligneDe),
        envois,
        fichiers: transfert.fichiers.map((fichier) => fileLine(fichier, `/transferts/${transfert.id}`)),
        breadcrumb: [envois, { libelle: transfert.accuse }],
      })
    },
  }),
  page('/transferts/:id/fichiers/:fichier', { can: 'transferts.read', journal: true, run: download }),
]
