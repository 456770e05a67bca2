import { z } from 'zod'
import { inviteByMail } from '../../kernel/auth/activation.ts'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { choix, paragraphe } from '../../kernel/forms.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Route, act, redirect } from '../../kernel/page.ts'
import { createCompte, lockCompteById, setCourriel } from '../comptes/queries.ts'
import { backToList } from '../demandes/bandeau.ts'
import { nameOf } from '../coordonnees/inbox.ts'
import { readAdherent, readCompte, readEtablissement } from './candidats.ts'
import { type Demande, LISTE, VERIFICATIONS, envoiDe, refuseClosed } from './demande.ts'
import { closeDemande, createCompteDEtablissement, lockDemande } from './queries.ts'

const can = 'gestion.demandes-de-compte.decide'

const Envoi = z.strictObject({
  destination: z.enum(['connue', 'demandee'], 'Choisissez où envoyer le lien.').optional(),
  verification: z
    .union([z.literal(''), z.enum(VERIFICATIONS)], 'Choisissez comment vous avez confirmé la personne.')
    .transform((typed) => (typed === '' ? undefined : typed))
    .optional(),
})
const Compte = z.strictObject({
  role: choix('le rôle', ['cabinet', 'collaborateur']),
  verification: choix('comment vous avez confirmé la personne', VERIFICATIONS),
})
const Refus = z.strictObject({ motif: paragraphe('le motif du refus', 1000) })

/** What the staff answers: a link to an account, an account with its link, or no. */
export const decisions: Route[] = [
  act(`${LISTE}/:id/comptes/:compte`, {
    can,
    form: Envoi,
    async run(ctx) {
      const { db, params, user, form, note } = ctx
      const demande = await open(db, params.id!)
      const candidat = await readCompte(db, params.compte!)
      const compte = await lockCompteById(db, params.compte!)
      if (compte.bloque_le !== null)
        throw new Refusal('Ce compte est bloqué\u00a0: débloquez-le d’abord, ou refusez la demande.')
      const envoi = envoiDe(demande.courriel, compte.courriel, form)
      if (envoi.change) await changeCourriel(db, demande.id, compte, envoi.courriel)
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
      return redirect(
        backToList(ctx),
        `Le lien d’activation part à ${envoi.courriel}\u00a0; il est valable trois jours.`,
      )
    },
  }),
  act(`${LISTE}/:id/adherents/:adherent`, {
    can,
    form: Envoi,
    async run(ctx) {
      const { db, params, user, form, note } = ctx
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
      return redirect(
        backToList(ctx),
        `Le compte est créé\u00a0; le lien d’activation part à ${envoi.courriel}.`,
      )
    },
  }),
  act(`${LISTE}/:id/etablissements/:etablissement`, {
    can,
    form: Compte,
    async run(ctx) {
      const { db, params, user, form, note } = ctx
      const demande = await open(db, params.id!)
      const { id: structureId } = await readEtablissement(db, params.etablissement!)
      const compte = await createCompteDEtablissement(db, structureId, demande, form.role)
      await inviteByMail(db, compte, 'compte-cree')
      await closeDemande(db, demande.id, {
        issue: 'compte-cree',
        by: user.id,
        verification: form.verification,
        utilisateurId: compte,
      })
      note({
        action: 'compte.cree',
        objet: 'demande-de-compte',
        objetId: demande.id,
        detail: { compte, role: form.role, verification: form.verification },
      })
      return redirect(
        backToList(ctx),
        `Le compte est créé\u00a0; le lien d’activation part à ${demande.courriel}.`,
      )
    },
  }),
  act(`${LISTE}/:id/refus`, {
    can,
    form: Refus,
    rerender: `${LISTE}/:id`,
    async run(ctx) {
      const { db, params, user, form, note } = ctx
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
        backToList(ctx),
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
  demandeId: string,
  compte: { id: string; nom: string; courriel: string },
  courriel: string,
) {
  await setCourriel(db, compte.id, courriel)
  if (compte.courriel === '') return
  await queueMail(db, {
    key: `courriel-change:${demandeId}`,
    template: 'courriel-change',
    to: { nom: compte.nom, courriel: compte.courriel },
    data: { lien: '/contact' },
  })
}
