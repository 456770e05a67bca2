import { z } from 'zod'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { type Route, page, view } from '../../kernel/page.ts'
import { type Candidat, listCandidats, readAdherent, readCompte } from './candidats.ts'
import {
  type Demande, GENRES, LISTE, VERIFICATIONS, type Verification, etatDe, memeAdresse, numeroLabel, roleChoices,
} from './demande.ts' // prettier-ignore
import { countDemandes, listDemandes, readDemande } from './queries.ts'

const can = 'gestion.demandes-de-compte.decide'
const PAR_PAGE = 50

const question = z.object({ etat: z.enum(['', 'traitees']).catch(''), ...keysetQuery(UUID) })

export const gestion: Route[] = [
  page(LISTE, {
    can,
    query: question,
    async run({ db, query }) {
      const closed = query.etat === 'traitees'
      const [rows, total] = await Promise.all([
        listDemandes(db, { ...query, closed, limit: PAR_PAGE + 1 }),
        countDemandes(db, closed),
      ])
      const requete = { etat: query.etat }
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: LISTE, query: requete, total, plafond: 1000,
        nom: 'demandes de compte',
      }) // prettier-ignore
      return view('demandes-de-compte/liste', {
        demandes: lignes.map((d) => ({ ...d, libelle: GENRES[d.genre], etat: etatDe(d.issue) })),
        requete,
        pager,
      })
    },
  }),
  page(`${LISTE}/:id`, {
    can,
    async run({ db, organisme, params }) {
      const demande = await readDemande(db, params.id!)
      const candidats = demande.issue === null ? await listCandidats(db, demande) : []
      return view('demandes-de-compte/demande', {
        ...shown(demande),
        candidats: candidats.map((c) => ({ ...c, url: pathOf(demande.id, c) })),
        roleSouhaite: roleChoices(organisme).find((choice) => choice.valeur === demande.role_souhaite)
          ?.libelle,
        numeroLabel: numeroLabel(organisme),
        verification: VERIFICATIONS[demande.verification as Verification],
        breadcrumb: trail({ libelle: `${demande.prenom} ${demande.nom}` }),
      })
    },
  }),
  page(`${LISTE}/:id/comptes/:compte`, {
    can,
    run: async ({ db, params }) =>
      choice(await readDemande(db, params.id!), await readCompte(db, params.compte!)),
  }),
  page(`${LISTE}/:id/adherents/:adherent`, {
    can,
    run: async ({ db, params }) =>
      choice(await readDemande(db, params.id!), await readAdherent(db, params.adherent!)),
  }),
]

/** The page that sends a link to one account, or creates it. */
function choice(demande: Demande, candidat: Candidat) {
  return view('demandes-de-compte/envoi', {
    ...shown(demande),
    candidat,
    differe: !memeAdresse(demande.courriel, candidat.courriel),
    verifications: Object.entries(VERIFICATIONS).map(([valeur, libelle]) => ({ valeur, libelle })),
    action: pathOf(demande.id, candidat),
    breadcrumb: trail(
      { libelle: `${demande.prenom} ${demande.nom}`, url: `${LISTE}/${demande.id}` },
      { libelle: candidat.compte_id === null ? 'Créer le compte' : 'Envoyer le lien' },
    ),
  })
}

function shown(demande: Demande) {
  return { demande, libelle: GENRES[demande.genre], etat: etatDe(demande.issue) }
}

function pathOf(id: string, c: Candidat): string {
  return c.compte_id === null
    ? `${LISTE}/${id}/adherents/${c.adherent_id}`
    : `${LISTE}/${id}/comptes/${c.compte_id}`
}

function trail(...places: { libelle: string; url?: string }[]) {
  return [{ libelle: 'Accueil', url: '/' }, { libelle: 'Demandes de compte', url: LISTE }, ...places]
}
