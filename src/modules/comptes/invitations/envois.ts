import { NotFound } from '../../../kernel/errors.ts'
import { type Route, page, view } from '../../../kernel/page.ts'
import { type Column, FORMATS, exportTable, inBatches } from '../../../kernel/tableur/export.ts'
import { readTravail } from '../../../kernel/travaux/queries.ts'
import { showTravail } from '../../../kernel/travaux/shown.ts'
import { LISTE } from '../shown.ts'
import { RAISONS_DITES } from './bilan.ts'
import { type Ecartee, RAISONS, listEcartees } from './queries.ts'
import { PAGE } from './routes.ts'
import { ENVOIS, type Rapport, TRAVAIL } from './travail.ts'

const can = 'gestion.comptes.manage'
/** Names that the page shows; the file has them all. */
const MONTRES = 100

const COLONNES: Column<Ecartee>[] = [
  { titre: 'N°', valeur: (row) => row.numero },
  { titre: 'Nom', largeur: 40, valeur: (row) => row.denomination },
  { titre: 'Adresse électronique', largeur: 40, valeur: (row) => row.courriel },
  { titre: 'Pourquoi', largeur: 28, valeur: (row) => RAISONS_DITES[row.raison].libelle },
]

/** How far the invitations are, then who was invited, who was not, and why. */
export const envois: Route[] = [
  page(`${ENVOIS}/:id`, {
    can,
    async run({ db, params, now }) {
      const travail = await readTravail(db, params.id!)
      if (travail.genre !== TRAVAIL) throw new NotFound('travail')
      const rapport = travail.rapport as Rapport
      const ecartees = await listEcartees(db, travail.id, undefined, MONTRES)
      return view('comptes/invitations-envoi', {
        travail: showTravail(travail, now),
        invites: rapport.invites ?? 0,
        // Left when it was cancelled or stopped: neither invited nor looked at.
        restants: travail.etat === 'annule' ? Math.max(0, (travail.total ?? 0) - travail.fait) : 0,
        raisons: RAISONS.map((raison) => ({ ...RAISONS_DITES[raison], nombre: rapport[raison] ?? 0 })).filter(
          ({ nombre }) => nombre > 0,
        ),
        ecartees: ecartees.map((one) => ({ ...one, pourquoi: RAISONS_DITES[one.raison].libelle })),
        montres: MONTRES,
        ici: `${ENVOIS}/${travail.id}`,
        breadcrumb: [
          { libelle: 'Comptes', url: LISTE },
          { libelle: 'Inviter en nombre', url: PAGE },
          { libelle: travail.titre },
        ],
      })
    },
  }),
  page(`${ENVOIS}/:id/ecartes.:format`, {
    can,
    stepUp: true,
    words: FORMATS,
    journal: true,
    async run(ctx) {
      const travail = await readTravail(ctx.db, ctx.params.id!)
      if (travail.genre !== TRAVAIL) throw new NotFound('travail')
      return exportTable(ctx, {
        name: 'invitations-ecartees',
        title: 'Non invités',
        columns: COLONNES,
        batches: inBatches((last: Ecartee | undefined, size) =>
          listEcartees(ctx.db, travail.id, last?.id, size),
        ),
        note: {
          action: 'comptes.exportes',
          objet: 'travail',
          objetId: travail.id,
          detail: { liste: 'non invités' },
        },
      })
    },
  }),
]
