import { Refusal } from '../../kernel/errors.ts'
import { pluriel } from '../../kernel/formats.ts'
import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { assign, entry, move } from './acts.ts'
import { FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { COLONNES, dossierBatches } from './export.ts'
import { Changement, Lot } from './forms.ts'
import { PLAFOND_RECHERCHE, question } from './liste.ts'
import {
  countDossiers,
  countEtats,
  listAffectations,
  listDossiers,
  listReceveurs,
  readDossier,
} from './queries.ts'

const LISTE = '/affectations'
const PAR_PAGE = 50
const HISTORIQUE = 200
const can = 'affectations.manage'

/** Gestion des dossiers clients (F78, F79, F82). */
export const routes: Route[] = [
  page(LISTE, {
    can,
    query: question,
    async run({ db, query }) {
      const { etat, numero, nom, tri } = query
      const portee = { de: etat === '' ? 'personne' : 'quelquun' } as const
      const cherche = numero !== '' || nom !== ''
      const [rows, { libres, affectes }, trouves, receveurs] = await Promise.all([
        listDossiers(db, { ...query, portee }, PAR_PAGE + 1),
        countEtats(db),
        cherche ? countDossiers(db, { portee, numero, nom }) : null,
        listReceveurs(db),
      ])
      const total = trouves ?? (etat === '' ? libres : affectes)
      const requete = { etat, numero, nom, tri }
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: LISTE, query: requete, total, nom: 'dossiers',
      }) // prettier-ignore
      return view('affectations/liste', {
        dossiers: lignes,
        pager,
        requete,
        libres,
        etats: [
          { valeur: '', libelle: 'Dossiers clients non affectés', compte: libres },
          { valeur: 'affectes', libelle: 'Dossiers affectés', compte: affectes },
        ],
        cherche,
        tropLarge: nom !== '' && total >= PLAFOND_RECHERCHE,
        receveurs: receveurs.map((r) => ({ valeur: r.id, libelle: `${r.nom} (${r.login})` })),
      })
    },
  }),
  page(`${LISTE}.:format`, {
    can,
    stepUp: true,
    query: question,
    words: FORMATS,
    journal: true,
    run(ctx) {
      const { etat, numero, nom, tri } = ctx.query
      const portee = { de: etat === '' ? 'personne' : 'quelquun' } as const
      return exportTable(ctx, {
        name: etat === '' ? 'dossiers-non-affectes' : 'dossiers-affectes',
        title: 'Dossiers',
        columns: COLONNES,
        batches: dossierBatches(ctx.db, { portee, numero, nom, tri }),
        note: { action: 'affectations.exportees', objet: 'affectations', detail: { etat, numero, nom, tri } },
      })
    },
  }),
  act(LISTE, {
    can,
    form: Lot,
    async run({ db, form, note }) {
      const dossiers = [...new Set(form.dossier)].sort()
      if (dossiers.length === 0) throw new Refusal('Cochez au moins un dossier à affecter.')
      const { nom } = await assign(db, dossiers, form.collaborateur)
      for (const id of dossiers) note(entry('affectation.faite', id, { a: form.collaborateur }))
      return redirect(LISTE, `${pluriel(dossiers.length, 'dossier affecté', 'dossiers affectés')} à ${nom}.`)
    },
  }),
  page(`${LISTE}/:id`, {
    can,
    async run({ db, params }) {
      const dossier = await readDossier(db, params.id!)
      const [affectations, receveurs] = await Promise.all([
        listAffectations(db, { adherentId: dossier.id }, HISTORIQUE),
        listReceveurs(db),
      ])
      const autres = receveurs.filter((r) => r.id !== dossier.collaborateur_id)
      return view('affectations/dossier', {
        dossier,
        affectations,
        choix: [
          ...autres.map((r) => ({ valeur: r.id, libelle: `${r.nom} (${r.login})` })),
          ...(dossier.collaborateur_id === null
            ? []
            : [{ valeur: 'personne', libelle: 'Personne : le dossier n’est plus affecté' }]),
        ],
        breadcrumb: [{ libelle: 'Gestion des dossiers', url: LISTE }, { libelle: dossier.denomination }],
      })
    },
  }),
  act(`${LISTE}/:id`, {
    can,
    form: Changement,
    async run({ db, params, form, note }) {
      const { id, denomination } = await readDossier(db, params.id!)
      const vers = form.collaborateur === 'personne' ? null : form.collaborateur
      if (form.de === '') {
        if (vers === null) throw new Refusal('Ce dossier n’est affecté à personne.', 'collaborateur')
        const { nom } = await assign(db, [id], vers)
        note(entry('affectation.faite', id, { a: vers }))
        return redirect(`${LISTE}/${id}`, `Le dossier ${denomination} est affecté à ${nom}.`)
      }
      const receveur = await move(db, [id], form.de, vers)
      note(entry(vers === null ? 'affectation.retiree' : 'affectation.changee', id, { de: form.de, a: vers }))
      const where = receveur === null ? 'n’est plus affecté' : `est maintenant affecté à ${receveur.nom}`
      return redirect(`${LISTE}/${id}`, `Le dossier ${denomination} ${where}.`)
    },
  }),
]
