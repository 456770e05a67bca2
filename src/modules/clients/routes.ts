import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, page, view } from '../../kernel/page.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { carte } from '../clotures/presentation.ts'
import { listClotures, readRegles } from '../clotures/queries.ts'
import { lisible } from '../coordonnees/zones.ts'
import { shown as declarationMontree } from '../declarations/declaration.ts'
import { declarationsDe } from '../declarations/queries.ts'
import { COLONNES, allClients, clientBatches } from './export.ts'
import { LIBELLES_TRI, PLAFOND_RECHERCHE, TRIS, question, requeteDe } from './liste.ts'
import { type ClientFiche, countClients, listClients, readClient } from './queries.ts'

const PAR_PAGE = 50
const DECLARATIONS = 100

/** Gestion de vos clients (F27 to F36). */
export const routes: Route[] = [
  page('/clients', {
    can: 'clients.read',
    query: question,
    async run({ db, query }) {
      const [rows, total, actifs] = await Promise.all([
        listClients(db, query, PAR_PAGE + 1),
        countClients(db, query),
        countClients(db, { numero: '', nom: '', etat: '' }),
      ])
      const requete = requeteDe(query)
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: '/clients', query: requete, total,
        nom: 'clients',
      }) // prettier-ignore
      return view('clients/liste', {
        clients: lignes,
        total: query.etat === '' ? actifs : total,
        tris: TRIS.map((cle) => ({ cle, libelle: LIBELLES_TRI[cle] })),
        tri: query.tri,
        requete,
        pager,
        cherche: query.numero !== '' || query.nom !== '',
        tropLarge: query.nom !== '' && total >= PLAFOND_RECHERCHE,
      })
    },
  }),
  page('/clients.:format', {
    can: 'clients.read',
    stepUp: true,
    query: question,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'clients',
        title: 'Clients',
        columns: COLONNES,
        batches: clientBatches(ctx.db, ctx.query),
        note: { action: 'clients.exportes', objet: 'adherents', detail: requeteDe(ctx.query) },
      }),
  }),
  page('/clients/impression', {
    can: 'clients.read',
    query: question,
    async run({ db, user, query }) {
      return view('clients/impression', {
        clients: await allClients(db, query),
        cabinet: user.structureNom,
        retour: query.tri === 'nom' ? '/clients/mises-a-jour' : '/clients',
      })
    },
  }),
  page('/clients/:id', {
    can: 'clients.read',
    async run({ db, params }) {
      const client = await readClient(db, params.id!)
      return view('clients/fiche', { ...shown(client), ...zonesDe(client), onglet: 'fiche' })
    },
  }),
  page('/clients/:id/exercices', {
    can: 'clients.read',
    async run({ db, params, today, organisme }) {
      const client = await readClient(db, params.id!)
      const open = organisme.modules.includes('clotures')
      const [clotures, regles] = await Promise.all([open ? listClotures(db, client.id) : [], readRegles(db)])
      return view('clients/exercices', {
        ...shown(client),
        cartes: clotures.map((c) => carte(c, regles, today)),
        onglet: 'exercices',
      })
    },
  }),
  page('/clients/:id/declarations', {
    can: 'clients.read',
    async run({ db, params }) {
      const client = await readClient(db, params.id!)
      const declarations = await declarationsDe(db, client.id, DECLARATIONS)
      return view('clients/declarations', {
        ...shown(client),
        declarations: declarations.map(declarationMontree),
        onglet: 'declarations',
      })
    },
  }),
]

/** « EURL FOURNIL DES HALLES »: the legal form of a company, the civility of a person (F34). */
function titreDe(client: ClientFiche): string {
  const { civilite, denomination, statut_juridique: forme } = client
  if (civilite !== '') return `${civilite} ${denomination}`
  return denomination.startsWith(forme) ? denomination : `${forme} ${denomination}`
}

function shown(client: ClientFiche) {
  return {
    client,
    titre: titreDe(client),
    breadcrumb: [
      { libelle: 'Page d’accueil', url: '/' },
      { libelle: 'Gestion de vos clients', url: '/clients' },
      { libelle: `N°\u00a0${client.numero}` },
    ],
  }
}

function zonesDe(client: ClientFiche) {
  return {
    siret: client.siret === '' ? '' : lisible('siret', [client.siret])[0],
    telephones: lisible('telephones', client.telephones),
  }
}
