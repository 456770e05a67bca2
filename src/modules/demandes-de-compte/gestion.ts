import { bandeauOf } from '../demandes/bandeau.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { type Route, page, redirect, view } from '../../kernel/page.ts'
import {
  type Candidat, listCandidats, listEtablissements, readAdherent, readCompte, readEtablissement,
} from './candidats.ts' // prettier-ignore
import {
  type Demande, GENRES, LISTE, etatDe, memeAdresse, numeroLabel, roleChoices, verificationChoices,
} from './demande.ts' // prettier-ignore
import { listPrecisions } from './precisions.ts'
import { readDemande } from './queries.ts'

const can = 'gestion.demandes-de-compte.decide'
export const gestion: Route[] = [
  page(LISTE, { can, run: () => redirect('/gestion/demandes?genre=compte') }),
  page(`${LISTE}/:id`, {
    can,
    async run(ctx) {
      const { db, organisme, params } = ctx
      const demande = await readDemande(db, params.id!)
      const waits = demande.issue === null
      const [candidats, etablissements, precisions] = await Promise.all([
        waits ? listCandidats(db, demande) : [],
        waits && organisme.nature === 'editeur' ? listEtablissements(db, demande) : [],
        listPrecisions(db, demande.id),
      ])
      return view('demandes-de-compte/demande', {
        suiviDemande: await bandeauOf(ctx, 'compte', demande.id),
        ...shown(demande),
        ...labels(organisme, demande),
        candidats: candidats.map((c) => ({ ...c, url: pathOf(demande.id, c) })),
        etablissements,
        precisions,
        breadcrumb: trail(demande),
      })
    },
  }),
  page(`${LISTE}/:id/comptes/:compte`, {
    can,
    run: async ({ db, organisme, params }) =>
      choice(organisme, await readDemande(db, params.id!), await readCompte(db, params.compte!)),
  }),
  page(`${LISTE}/:id/adherents/:adherent`, {
    can,
    run: async ({ db, organisme, params }) =>
      choice(organisme, await readDemande(db, params.id!), await readAdherent(db, params.adherent!)),
  }),
  page(`${LISTE}/:id/etablissements/:etablissement`, {
    can,
    async run({ db, organisme, params }) {
      const demande = await readDemande(db, params.id!)
      return view('demandes-de-compte/creation', {
        ...shown(demande),
        ...labels(organisme, demande),
        etablissement: await readEtablissement(db, params.etablissement!),
        roles: roleChoices(organisme),
        breadcrumb: trail(demande, 'Créer le compte'),
      })
    },
  }),
]

/** The page that sends a link to one account, or creates it. */
function choice(organisme: Organisme, demande: Demande, candidat: Candidat) {
  return view('demandes-de-compte/envoi', {
    ...shown(demande),
    ...labels(organisme, demande),
    candidat,
    differe: !memeAdresse(demande.courriel, candidat.courriel),
    action: pathOf(demande.id, candidat),
    breadcrumb: trail(demande, candidat.compte_id === null ? 'Créer le compte' : 'Envoyer le lien'),
  })
}

/** The words of the organisme for what was asked and how it was checked. */
function labels(organisme: Organisme, demande: Demande) {
  const verifications = verificationChoices(organisme)
  const named = (choices: readonly { valeur: string; libelle: string }[], value: string) =>
    choices.find((choice) => choice.valeur === value)?.libelle
  return {
    numeroLabel: numeroLabel(organisme),
    roleSouhaite: named(roleChoices(organisme), demande.role_souhaite),
    verifications,
    verification: named(verifications, demande.verification),
  }
}

function shown(demande: Demande) {
  return { demande, libelle: GENRES[demande.genre], etat: etatDe(demande.issue) }
}

function pathOf(id: string, c: Candidat): string {
  return c.compte_id === null
    ? `${LISTE}/${id}/adherents/${c.adherent_id}`
    : `${LISTE}/${id}/comptes/${c.compte_id}`
}

function trail(demande: Demande, page?: string) {
  const list = [{ libelle: 'Demandes', url: '/gestion/demandes' }]
  const one = { libelle: `${demande.prenom} ${demande.nom}` }
  return page === undefined
    ? [...list, one]
    : [...list, { ...one, url: `${LISTE}/${demande.id}` }, { libelle: page }]
}
