import { TRANSFERTS } from '../../kernel/files/allow-list.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { download } from './download.ts'
import { send } from './envoi.ts'
import { envoi, pages } from './forms.ts'
import { listMine, readTransfert } from './queries.ts'
import { fileLine, line } from './shown.ts'
import { GENRES, MAX_FICHIERS } from './transfert.ts'

const PAR_PAGE = 20

/** What an adhérent does: sends files, keeps the acknowledgements, sees what became of them (F12). */
export const routes: readonly Route[] = [
  page('/transferts', {
    can: 'transferts.read',
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
      const { id, accuse } = await send(ctx)
      ctx.note({ objet: 'transferts', objetId: id, detail: { accuse, fichiers: ctx.files.length } })
      return redirect(`/transferts/${id}`, `Votre envoi est bien arrivé. Son numéro est ${accuse}.`)
    },
  }),
  page('/transferts/:id', {
    can: 'transferts.read',
    async run({ db, params }) {
      const transfert = await readTransfert(db, params.id!)
      return view('transferts/accuse', {
        transfert: line(transfert),
        fichiers: transfert.fichiers.map((fichier) => fileLine(fichier, `/transferts/${transfert.id}`)),
        breadcrumb: [{ libelle: 'Transfert de données', url: '/transferts' }, { libelle: transfert.accuse }],
      })
    },
  }),
  page('/transferts/:id/fichiers/:fichier', { can: 'transferts.read', journal: true, run: download }),
]
