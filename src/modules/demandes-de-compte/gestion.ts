import { z } from 'zod'
import { inviteByMail } from '../../kernel/auth/activation.ts'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { paragraphe } from '../../kernel/forms.ts'
import { UUID, keysetPage, keysetQuery } from '../../kernel/keyset.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { createCompte, lockCompteById, setCourriel } from '../adherents/comptes.ts'
import { nameOf } from '../coordonnees/inbox.ts'
import { type Candidat, listCandidats, readAdherent, readCompte } from './candidats.ts'
import {
  type Demande, GENRES, VERIFICATIONS, type Verification, envoiDe, etatDe, memeAdresse, numeroLabel, refuseClosed,
  roleChoices,
} from './demande.ts' // prettier-ignore
import { closeDemande, countDemandes, listDemandes, lockDemande, readDemande } from './queries.ts'

const LISTE = '/gestion/demandes-de-compte'
const can = 'gestion.demandes-de-compte.decide'
const PAR_PAGE = 50

const question = z.object({ etat: z.enum(['', 'traitees']).catch(''), ...keysetQuery(UUID) })

const moyens = Object.keys(VERIFICATIONS) as [Verification, ...Verification[]]
const Envoi = z.strictObject({
  destination: z.enum(['connue', 'demandee'], 'Choisissez où envoyer le lien.').optional(),
  verification: z
    .union([z.literal(''), z.enum(moyens)], 'Choisissez comment vous avez confirmé la personne.')
    .transform((typed) => (typed === '' ? undefined : typed))
    .optional(),
})
const Refus = z.strictObject({ motif: paragraphe('le motif du refus', 1000) })

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
  act(`${LISTE}/:id/comptes/:compte`, {
    can,
    form: Envoi,
    async run({ db, params, user, form, note }) {
      const demande = await open(db, params.id!)
      const candidat = await readCompte(db, params.compte!)
      const compte = await lockCompteById(db, params.compte!)
      if (compte.bloque_le !== null)
        throw new Refusal('Ce compte est bloqué\u00a0: débloquez-le d’abord, ou refusez la demande.')
      const envoi = envoiDe(demande.courriel, compte.courriel, form)
      if (envoi.change) await changeCourriel(db, compte, envoi.courriel)
      await inviteByMail(db, compte.id)
      const { verification } = form
      await closeDemande(db, demande.id, {
        issue: 'lien-envoye',
        by: user.id,
        verification,
        utilisateurId: compte.id,
      })
      note({
        action: 'demande-de-compte.lien-envoye',
        objet: 'demande-de-compte',
        objetId: demande.id,
        adherentId: candidat.adherent_id,
        detail: { compte: compte.id, verification: verification ?? null, adresseChangee: envoi.change },
      })
      return redirect(LISTE, `Le lien d’activation part à ${envoi.courriel} ; il est valable trois jours.`)
    },
  }),
  page(`${LISTE}/:id/adherents/:adherent`, {
    can,
    run: async ({ db, params }) =>
      choice(await readDemande(db, params.id!), await readAdherent(db, params.adherent!)),
  }),
  act(`${LISTE}/:id/adherents/:adherent`, {
    can,
    form: Envoi,
    async run({ db, params, user, form, note }) {
      const demande = await open(db, params.id!)
      const adherent = await readAdherent(db, params.adherent!)
      const envoi = envoiDe(demande.courriel, adherent.courriel, form)
      const compte = await createCompte(db, params.adherent!, envoi.courriel)
      await inviteByMail(db, compte, 'compte-cree')
      const { verification } = form
      await closeDemande(db, demande.id, {
        issue: 'compte-cree',
        by: user.id,
        verification,
        utilisateurId: compte,
      })
      note({
        action: 'compte.cree',
        objet: 'demande-de-compte',
        objetId: demande.id,
        adherentId: adherent.adherent_id,
        detail: { compte, verification: verification ?? null },
      })
      return redirect(LISTE, `Le compte est créé\u00a0; le lien d’activation part à ${envoi.courriel}.`)
    },
  }),
  act(`${LISTE}/:id/refus`, {
    can,
    form: Refus,
    rerender: `${LISTE}/:id`,
    async run({ db, params, user, form, note }) {
      const demande = await open(db, params.id!)
      await closeDemande(db, demande.id, { issue: 'refusee', by: user.id, motif: form.motif })
      await queueMail(db, {
        key: `demande-de-compte:${demande.id}`,
        template: 'compte-demande-refusee',
        to: { nom: `${demande.prenom} ${demande.nom}`, courriel: demande.courriel },
        data: { lien: '/demande-de-compte' },
      })
      note({ action: 'demande-de-compte.refusee', objet: 'demande-de-compte', objetId: demande.id })
      return redirect(
        LISTE,
        'La demande est refusée\u00a0; un courriel prévient la personne, sans dire le motif.',
      )
    },
  }),
]

/** Locks a request that nobody has decided yet. @throws Refusal with the name of whoever was first */
async function open(db: Db, id: string): Promise<Demande> {
  const demande = await lockDemande(db, id)
  if (demande.issue !== null) refuseClosed(demande, await nameOf(db, demande.close_par))
  return demande
}

/** The new address gets the link, which proves that it is read; the old one is told. */
async function changeCourriel(
  db: Db,
  compte: { id: string; nom: string; courriel: string },
  courriel: string,
) {
  await setCourriel(db, compte.id, courriel)
  if (compte.courriel === '') return
  await queueMail(db, {
    key: `courriel-change:${compte.id}:${courriel}:${compte.courriel}`,
    template: 'courriel-change',
    to: { nom: compte.nom, courriel: compte.courriel },
    data: { lien: '/contact' },
  })
}

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
