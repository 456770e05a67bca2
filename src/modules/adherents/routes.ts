import { z } from 'zod'
import { NotFound } from '../../kernel/errors.ts'
import { keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { listFailedMails, reasonFor } from '../../kernel/mail/failed.ts'
import { type Route, page, view } from '../../kernel/page.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { groupesDe } from '../coordonnees/modification.ts'
import { coordonneesPourAccueil } from '../coordonnees/queries.ts'
import { zones } from '../coordonnees/zones.ts'
import { ACCUSE } from '../transferts/transfert.ts'
import { line } from '../transferts/shown.ts'
import { COLONNES, allAdherents } from './export.ts'
import { phraseDe } from '../../kernel/phrases.ts'
import { listEvenements, precisionDe } from './historique.ts'
import {
  CATEGORIES,
  COMPTES,
  PLAFOND_RECHERCHE,
  etatCompte,
  isFiltered,
  question,
  requeteDe,
} from './liste.ts'
import { listTransfertsDe } from './transferts.ts'
import { PLAFOND_COMPTE, countAdherents, listAdherents, listCabinets, readFiche } from './queries.ts'

const PAR_PAGE = 50
const EVENEMENTS_PAR_PAGE = 50

export const routes: Route[] = [
  page('/gestion/adherents', {
    can: 'gestion.adherents.read',
    query: question,
    async run({ db, query }) {
      const [rows, total, cabinets] = await Promise.all([
        listAdherents(db, query, PAR_PAGE + 1),
        countAdherents(db, query),
        listCabinets(db),
      ])
      const requete = requeteDe(query)
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: '/gestion/adherents', query: requete,
        total, plafond: PLAFOND_COMPTE, nom: 'adhérents',
      }) // prettier-ignore
      return view('adherents/liste', {
        adherents: lignes.map((row) => ({
          ...row,
          sansCompte: row.compte === null,
          compte: COMPTES[etatCompte(row.compte)],
        })),
        requete,
        pager,
        filtree: isFiltered(query),
        tropLarge: query.nom !== '' && total >= PLAFOND_RECHERCHE,
        categories: [
          { valeur: '', libelle: 'Toutes' },
          ...CATEGORIES.map((c) => ({ valeur: c, libelle: c })),
        ],
        cabinets: [
          { valeur: '', libelle: 'Tous' },
          { valeur: 'aucun', libelle: 'Sans cabinet' },
          ...cabinets.map((c) => ({ valeur: c.id, libelle: `${c.numero} – ${c.nom}` })),
        ],
      })
    },
  }),
  page('/gestion/adherents.:format', {
    can: 'gestion.adherents.read',
    stepUp: true,
    query: question,
    words: FORMATS,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'adherents',
        title: 'Adhérents',
        columns: COLONNES,
        batches: allAdherents(ctx.db, ctx.query),
        note: { action: 'adherents.exportes', objet: 'adherents', detail: requeteDe(ctx.query) },
      }),
  }),
  page('/gestion/adherents/:id', {
    can: 'gestion.adherents.read',
    async run({ db, params }) {
      const id = params.id!
      const [fiche, coordonnees, echecs] = await Promise.all([
        readFiche(db, id),
        coordonneesPourAccueil(db, id),
        listFailedMails(db, id),
      ])
      return view('adherents/fiche', {
        echecs: echecs.map((e) => ({ ...e, raison: reasonFor(e.erreur) })),
        renvoyables: echecs.filter((e) => e.renvoyable).length,
        adherent: fiche,
        groupes: groupesDe(coordonnees),
        attentes: coordonnees.attentes.map(({ id, zone }) => ({ id, libelle: zones[zone].libelle })),
        compte: fiche.compte,
        etat: COMPTES[etatCompte(fiche.compte)],
        onglet: 'fiche',
        breadcrumb: trail(fiche),
      })
    },
  }),
  page('/gestion/adherents/:id/transferts', {
    can: 'gestion.transferts.read',
    query: z.object(keysetQuery(ACCUSE)),
    async run({ db, organisme, params, query }) {
      if (!organisme.modules.includes('transferts')) throw new NotFound('module off')
      const id = params.id!
      const [adherent, rows] = await Promise.all([
        readFiche(db, id),
        listTransfertsDe(db, id, { ...query, limit: PAR_PAGE + 1 }),
      ])
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.accuse, path: `/gestion/adherents/${id}/transferts`,
        nom: 'transferts',
      }) // prettier-ignore
      return view('adherents/transferts', {
        adherent,
        transferts: lignes.map(line),
        pager,
        onglet: 'transferts',
        breadcrumb: trail(adherent, 'Transferts'),
      })
    },
  }),
  page('/gestion/adherents/:id/historique', {
    can: 'gestion.adherents.read',
    query: z.object(keysetQuery(/^\d{1,15}$/)),
    async run({ db, params, query }) {
      const id = params.id!
      const [adherent, rows] = await Promise.all([
        readFiche(db, id),
        listEvenements(db, id, query, EVENEMENTS_PAR_PAGE + 1),
      ])
      const { lignes, pager } = keysetPage({
        rows, size: EVENEMENTS_PAR_PAGE, asked: query, cursor: (row) => String(row.numero),
        path: `/gestion/adherents/${id}/historique`, nom: 'historique',
      }) // prettier-ignore
      return view('adherents/historique', {
        adherent,
        evenements: lignes.map((event) => ({
          ...event,
          phrase: phraseDe(event.action),
          precision: precisionDe(event.detail),
        })),
        pager,
        onglet: 'historique',
        breadcrumb: trail(adherent, 'Historique'),
      })
    },
  }),
]

function trail(adherent: { id: string; numero: string }, page?: string) {
  const fiche = { libelle: `N°\u00a0${adherent.numero}` }
  const list = { libelle: 'Adhérents', url: '/gestion/adherents' }
  return page === undefined
    ? [list, fiche]
    : [list, { ...fiche, url: `/gestion/adherents/${adherent.id}` }, { libelle: page }]
}
