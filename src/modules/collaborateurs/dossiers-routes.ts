import { z } from 'zod'
import { Refusal } from '../../kernel/errors.ts'
import { pluriel } from '../../kernel/formats.ts'
import { keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { entry, move } from '../affectations/acts.ts'
import { question } from '../affectations/liste.ts'
import { countDossiers, listAffectations, listDossiers, listReceveurs } from '../affectations/queries.ts'
import { isGone } from './collaborateur.ts'
import { Retrait } from './forms.ts'
import { listActes, phraseDe } from './historique.ts'
import { readCollaborateur } from './queries.ts'
import { lieu, nomDe } from './shown.ts'

const FICHE = '/collaborateurs/:id'
const PAR_PAGE = 50
const AFFECTATIONS = 200
const can = 'collaborateurs.manage'

/** The dossiers of a collaborateur, and what he did. */
export const dossiers: Route[] = [
  page(`${FICHE}/dossiers`, {
    can,
    query: question.omit({ etat: true }),
    async run({ db, params, query, today }) {
      const c = await readCollaborateur(db, params.id!)
      const portee = { de: 'lui', id: c.id } as const
      const { numero, nom, tri } = query
      const [rows, total, tous, receveurs] = await Promise.all([
        listDossiers(db, { ...query, portee }, PAR_PAGE + 1),
        countDossiers(db, { portee, numero, nom }),
        countDossiers(db, { portee, numero: '', nom: '' }),
        listReceveurs(db),
      ])
      const requete = { numero, nom, tri }
      const path = `/collaborateurs/${c.id}/dossiers`
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path, query: requete, total, nom: 'dossiers',
      }) // prettier-ignore
      return view('collaborateurs/dossiers', {
        collaborateur: c,
        nomComplet: nomDe(c),
        parti: isGone(c, today),
        dossiers: lignes,
        tous,
        pager,
        requete,
        cherche: numero !== '' || nom !== '',
        choix: [
          ...receveurs
            .filter((r) => r.id !== c.id)
            .map((r) => ({ valeur: r.id, libelle: `${r.nom} (${r.login})` })),
          { valeur: 'personne', libelle: 'Personne : les retirer seulement' },
        ],
        breadcrumb: lieu(c, 'Dossiers'),
      })
    },
  }),
  act(`${FICHE}/dossiers`, {
    can,
    form: Retrait,
    async run({ db, params, form, note }) {
      const c = await readCollaborateur(db, params.id!)
      const ids = [...new Set(form.dossier)].sort()
      if (ids.length === 0) throw new Refusal('Cochez au moins un dossier.')
      const vers = form.vers === 'personne' ? null : form.vers
      const receveur = await move(db, ids, c.id, vers)
      for (const id of ids)
        note(entry(vers === null ? 'affectation.retiree' : 'affectation.changee', id, { de: c.id, a: vers }))
      const where = receveur === null ? 'non affectés' : `chez ${receveur.nom}`
      return redirect(
        `/collaborateurs/${c.id}/dossiers`,
        `${pluriel(ids.length, 'dossier retiré', 'dossiers retirés')} à ${nomDe(c)}, maintenant ${ids.length > 1 ? where : where.replace('affectés', 'affecté')}.`,
      )
    },
  }),
  page(`${FICHE}/historique`, {
    can,
    query: z.object(keysetQuery(/^\d{1,15}$/)),
    async run({ db, params, query, today }) {
      const c = await readCollaborateur(db, params.id!)
      const [affectations, rows] = await Promise.all([
        listAffectations(db, { utilisateurId: c.id }, AFFECTATIONS),
        listActes(db, c.id, query, PAR_PAGE + 1),
      ])
      const path = `/collaborateurs/${c.id}/historique`
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => String(row.numero), path, nom: 'actes',
      }) // prettier-ignore
      return view('collaborateurs/historique', {
        collaborateur: c,
        nomComplet: nomDe(c),
        parti: isGone(c, today),
        affectations,
        plafond: affectations.length === AFFECTATIONS,
        actes: lignes.map((a) => ({ ...a, phrase: phraseDe(a.action) })),
        pager,
        breadcrumb: lieu(c, 'Histo.'),
      })
    },
  }),
]
