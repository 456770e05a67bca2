import { pluriel } from '../../../kernel/formats.ts'
import { keysetPage } from '../../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../../kernel/page.ts'
import { countClients, listClients } from '../queries.ts'
import { arrivees } from './arrivees.ts'
import { BASE, MONTRES } from './chemin.ts'
import { coller } from './coller.ts'
import { departs } from './departs.ts'
import { envois } from './envois.ts'
import { liste } from './forms.ts'
import {
  countPending,
  deleteArrivees,
  deleteMouvement,
  listPending,
  listSent,
  lockMouvement,
} from './queries.ts'
import { etatDe, ligne } from './shown.ts'

const PAR_PAGE = 100

/** Liste des clients: what the firm tells its organisme of who comes and who goes (F52 to F56). */
export const misesAJour: Route[] = [
  page(BASE, {
    can: 'clients.update',
    query: liste,
    async run({ db, query }) {
      const tous = { numero: '', nom: '', etat: '' as const, tri: 'nom' as const, ...query }
      const [rows, total, viennent, partent, attente, envoyees] = await Promise.all([
        listClients(db, tous, PAR_PAGE + 1),
        countClients(db, tous),
        listPending(db, 'arrivee', MONTRES),
        listPending(db, 'depart', MONTRES),
        countPending(db),
        listSent(db, 10),
      ])
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: BASE, total, nom: 'clients actifs',
      }) // prettier-ignore
      return view('clients/mises-a-jour', {
        clients: lignes,
        pager,
        arrivees: viennent.map(ligne),
        departs: partent.map(ligne),
        attente,
        envoyees: envoyees.map((l) => ({ ...l, etat: etatDe(l) })),
      })
    },
  }),
  ...arrivees,
  ...departs,
  act(`${BASE}/lignes/:id/retrait`, {
    can: 'clients.update',
    rerender: BASE,
    async run({ db, params, note }) {
      const m = await lockMouvement(db, params.id!)
      await deleteMouvement(db, m.id)
      note({ action: 'clients.retire', objet: 'mouvement', objetId: m.id, detail: { genre: m.genre } })
      return redirect(BASE, `${m.nom} est retiré des mises à jour\u00a0: rien n’a été envoyé.`)
    },
  }),
  act(`${BASE}/arrivees/retrait`, {
    can: 'clients.update',
    rerender: BASE,
    async run({ db, note }) {
      const n = await deleteArrivees(db)
      note({ action: 'clients.retires', objet: 'mouvement', detail: { lignes: n } })
      return redirect(
        BASE,
        `La zone «\u00a0Nouveaux clients\u00a0» est vide\u00a0: ${pluriel(n, 'ligne retirée', 'lignes retirées')}.`,
      )
    },
  }),
  ...coller,
  ...envois,
]
