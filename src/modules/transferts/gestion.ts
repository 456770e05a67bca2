import { type Ctx, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { bandeauOf } from '../demandes/bandeau.ts'
import { controlesDe } from '../fec/queries.ts'
import { ligneDe } from '../fec/shown.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { refuse, take } from './decision.ts'
import { download } from './download.ts'
import { COLONNES, transfertBatches } from './export.ts'
import { recherche, refus } from './forms.ts'
import { listTransferts } from './gestion-queries.ts'
import { type TransfertFiche, readTransfert } from './queries.ts'
import { fileLine, line } from './shown.ts'
import { GENRES, mustBeUndecided } from './transfert.ts'

const PAR_PAGE = 50
const LISTE = '/gestion/transferts'

const ETATS = [
  { valeur: 'a_traiter', libelle: 'À traiter' },
  { valeur: 'en_analyse', libelle: 'En cours d’analyse' },
  { valeur: 'pris_en_compte', libelle: 'Pris en compte' },
  { valeur: 'refuse', libelle: 'Refusés' },
  { valeur: 'tous', libelle: 'Tous' },
]
const TYPES = [
  { valeur: '', libelle: 'Tous les types' },
  ...Object.entries(GENRES).map(([valeur, libelle]) => ({ valeur, libelle })),
]

/** What the staff does with what members sent. */
export const gestion: readonly Route[] = [
  page(LISTE, {
    can: 'gestion.transferts.read',
    query: recherche,
    async run({ db, query: asked }) {
      const { q, genre } = asked
      // Whoever looks for one thing wants it whatever its state.
      const etat = asked.etat ?? (q === '' ? 'a_traiter' : 'tous')
      const requete = { q, genre, etat }
      const rows = await listTransferts(db, { ...asked, ...requete, limit: PAR_PAGE + 1 })
      const { lignes, pager } = keysetPage({
        rows,
        size: PAR_PAGE,
        asked,
        cursor: (row) => row.accuse,
        path: LISTE,
        query: requete,
        nom: 'transferts',
      })
      return view('transferts/gestion-liste', {
        transferts: lignes.map(line),
        pager,
        requete,
        etats: ETATS,
        types: TYPES,
        cherche: q !== '' || genre !== undefined,
      })
    },
  }),
  page(`${LISTE}.:format`, {
    can: 'gestion.transferts.read',
    stepUp: true,
    query: recherche,
    words: FORMATS,
    journal: true,
    run(ctx) {
      const { q, genre } = ctx.query
      const requete = { q, genre, etat: ctx.query.etat ?? (q === '' ? 'a_traiter' : 'tous') }
      return exportTable(ctx, {
        name: 'transferts',
        title: 'Transferts',
        columns: COLONNES,
        batches: transfertBatches(ctx.db, requete),
        note: { action: 'transferts.exportes', objet: 'transferts', detail: requete },
      })
    },
  }),
  page(`${LISTE}/:id`, {
    can: 'gestion.transferts.read',
    async run(ctx) {
      const { db, params } = ctx
      const [transfert, controles] = await Promise.all([
        readTransfert(db, params.id!),
        controlesDe(db, params.id!),
      ])
      return view('transferts/gestion-fiche', {
        suiviDemande: await bandeauOf(ctx, 'transfert', transfert.id),
        ...shown(transfert),
        controles: controles.map(ligneDe),
        decidable: transfert.pris_en_compte_le === null && transfert.refuse_le === null,
        breadcrumb: [{ libelle: 'Transferts', url: LISTE }, { libelle: transfert.accuse }],
      })
    },
  }),
  page(`${LISTE}/:id/fichiers/:fichier`, { can: 'gestion.transferts.read', journal: true, run: download }),
  act(`${LISTE}/:id/prise-en-compte`, {
    can: 'gestion.transferts.decide',
    rerender: `${LISTE}/:id`,
    async run(ctx) {
      const transfert = await take(ctx.db, ctx.params.id!, ctx.user.id)
      noteDecision(ctx, transfert, 'gestion.transferts.take')
      return redirect(
        `${LISTE}/${transfert.id}`,
        `Le transfert ${transfert.accuse} est pris en compte. L’expéditeur est prévenu par courriel.`,
      )
    },
  }),
  page(`${LISTE}/:id/refus`, {
    can: 'gestion.transferts.decide',
    async run({ db, params }) {
      const transfert = await readTransfert(db, params.id!)
      mustBeUndecided(transfert, transfert.decide_par_nom)
      return view('transferts/gestion-refus', {
        ...shown(transfert),
        breadcrumb: [
          { libelle: 'Transferts', url: LISTE },
          { libelle: transfert.accuse, url: `${LISTE}/${transfert.id}` },
          { libelle: 'Refuser' },
        ],
      })
    },
  }),
  act(`${LISTE}/:id/refus`, {
    can: 'gestion.transferts.decide',
    form: refus,
    async run(ctx) {
      const transfert = await refuse(ctx.db, ctx.params.id!, ctx.user.id, ctx.form.motif)
      noteDecision(ctx, transfert, 'gestion.transferts.refuse')
      return redirect(
        `${LISTE}/${transfert.id}`,
        `Le transfert ${transfert.accuse} est refusé. L’expéditeur est prévenu par courriel.`,
      )
    },
  }),
]

function shown(transfert: TransfertFiche) {
  return {
    transfert: line(transfert),
    fichiers: transfert.fichiers.map((fichier) => fileLine(fichier, `${LISTE}/${transfert.id}`)),
  }
}

function noteDecision(ctx: Pick<Ctx, 'note'>, transfert: TransfertFiche, action: string): void {
  ctx.note({
    action,
    objet: 'transferts',
    objetId: transfert.id,
    adherentId: transfert.adherent_id,
    detail: { accuse: transfert.accuse },
  })
}
