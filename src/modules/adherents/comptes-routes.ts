import { z } from 'zod'
import { inviteByMail, revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { createToken, revokeTokens } from '../../kernel/auth/tokens.ts'
import { Refusal } from '../../kernel/errors.ts'
import { courriel } from '../../kernel/forms.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { type CompteVerrouille, block, createCompte, lockCompte, unblock } from './comptes.ts'
import { COMPTES, etatCompte } from './liste.ts'
import { readFiche } from './queries.ts'

const FICHE = '/gestion/adherents/:id'
const can = 'gestion.comptes.manage'

const pathOf = (id: string) => `/gestion/adherents/${id}`
const about = (utilisateurId: string, adherentId: string) => ({
  objet: 'compte',
  objetId: utilisateurId,
  adherentId,
})

/** The account of an adhérent: created, invited again, blocked and unblocked, sent a link for a new password. */
export const comptes: Route[] = [
  act(`${FICHE}/compte`, {
    can,
    form: z.strictObject({ courriel }),
    rerender: FICHE,
    async run({ db, params, form, note }) {
      const adherentId = params.id!
      const id = await createCompte(db, adherentId, form.courriel)
      await inviteByMail(db, id)
      note({ action: 'compte.cree', ...about(id, adherentId) })
      return redirect(
        pathOf(adherentId),
        'Le compte est créé. Un courriel part avec le lien d’activation, valable trois jours.',
      )
    },
  }),
  act(`${FICHE}/invitation`, {
    can,
    rerender: FICHE,
    async run({ db, params, note }) {
      const compte = await lockCompte(db, params.id!)
      if (compte.active_le !== null)
        throw new Refusal('Ce compte est déjà activé\u00a0: envoyez un lien de mot de passe.')
      refuseUnreachable(compte)
      await inviteByMail(db, compte.id)
      note({ action: 'compte.invite', ...about(compte.id, compte.adherent_id) })
      return redirect(
        pathOf(params.id!),
        `Un nouveau lien d’activation part à ${compte.courriel}. L’ancien ne sert plus.`,
      )
    },
  }),
  act(`${FICHE}/mot-de-passe`, {
    can,
    rerender: FICHE,
    async run({ db, params, note }) {
      const compte = await lockCompte(db, params.id!)
      if (compte.active_le === null)
        throw new Refusal('Ce compte n’est pas encore activé\u00a0: envoyez le lien d’activation.')
      refuseUnreachable(compte)
      const token = await createToken(db, compte.id, 'mot_de_passe')
      await queueMail(db, {
        key: `mot-de-passe:${compte.id}:${token}`,
        template: 'mot-de-passe-oublie',
        to: compte.id,
        data: { lien: `/mot-de-passe-oublie/${token}` },
      })
      note({ action: 'compte.reinitialise', ...about(compte.id, compte.adherent_id) })
      return redirect(
        pathOf(params.id!),
        `Un lien pour choisir un nouveau mot de passe part à ${compte.courriel}\u00a0; il est valable 30 minutes.`,
      )
    },
  }),
  page(`${FICHE}/blocage`, {
    can,
    async run({ db, params }) {
      const adherent = await readFiche(db, params.id!)
      return view('adherents/blocage', {
        adherent,
        compte: adherent.compte,
        etat: COMPTES[etatCompte(adherent.compte)],
        breadcrumb: [
          { libelle: 'Adhérents', url: '/gestion/adherents' },
          { libelle: `N°\u00a0${adherent.numero}`, url: pathOf(adherent.id) },
          { libelle: 'Bloquer le compte' },
        ],
      })
    },
  }),
  act(`${FICHE}/blocage`, {
    can,
    async run({ db, params, note }) {
      const compte = await lockCompte(db, params.id!)
      if (compte.bloque_le !== null) throw new Refusal('Ce compte est déjà bloqué.')
      await block(db, compte.id)
      await Promise.all([
        endSessions(db, compte.id),
        revokeActivation(db, compte.id),
        revokeTokens(db, compte.id, 'mot_de_passe'),
      ])
      note({ action: 'compte.bloque', ...about(compte.id, compte.adherent_id) })
      return redirect(pathOf(params.id!), 'Le compte est bloqué et ses sessions sont fermées.')
    },
  }),
  act(`${FICHE}/deblocage`, {
    can,
    rerender: FICHE,
    async run({ db, params, note }) {
      const compte = await lockCompte(db, params.id!)
      if (compte.bloque_le === null) throw new Refusal('Ce compte n’est pas bloqué.')
      await unblock(db, compte.id)
      note({ action: 'compte.debloque', ...about(compte.id, compte.adherent_id) })
      return redirect(pathOf(params.id!), 'Le compte est débloqué\u00a0: son titulaire peut se connecter.')
    },
  }),
]

/** A link to nobody helps nobody. @throws Refusal */
function refuseUnreachable(compte: CompteVerrouille): void {
  if (compte.bloque_le !== null) throw new Refusal('Ce compte est bloqué\u00a0: débloquez-le d’abord.')
  if (compte.courriel === '')
    throw new Refusal('Ce compte n’a pas d’adresse électronique\u00a0: aucun lien ne peut partir.')
}
