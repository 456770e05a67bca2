import { inviteByMail, revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { revokeTokens } from '../../kernel/auth/tokens.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { block, unblock } from '../comptes/queries.ts'
import { mayManage, mustStay } from './collaborateur.ts'
import { comptesOuverts, lockCollaborateur, readCollaborateur } from './queries.ts'
import { lieu, nomDe, sujet } from './shown.ts'

const FICHE = '/collaborateurs/:id'
const can = 'collaborateurs.manage'
const pathOf = (id: string) => `/collaborateurs/${id}`

/** The log-in of a collaborateur: invited by a link that he alone gets (F73), taken back, blocked. */
export const compte: Route[] = [
  act(`${FICHE}/invitation`, {
    can,
    rerender: FICHE,
    async run({ db, user, params, note }) {
      const who = await lockCollaborateur(db, user, params.id!)
      mustStay(who)
      if (who.bloque_le !== null) throw new Refusal('Ce compte est bloqué : débloquez-le d’abord.')
      if (who.active_le !== null) throw new Refusal('Ce compte est déjà activé.')
      if (who.courriel === '')
        throw new Refusal('Ce collaborateur n’a pas d’adresse : aucun lien ne peut partir.')
      if (!(await comptesOuverts(db)))
        throw new Refusal(
          'Les comptes de vos collaborateurs ne sont pas activés : voyez la page Supervision.',
        )
      await inviteByMail(db, who.id)
      note({ action: 'collaborateur.invite', ...sujet(who.id) })
      return redirect(
        pathOf(who.id),
        `Un nouveau lien d’activation part à ${who.courriel}. L’ancien ne sert plus.`,
      )
    },
  }),
  page(`${FICHE}/blocage`, {
    can,
    async run({ db, user, params }) {
      const c = await readCollaborateur(db, params.id!)
      return view('collaborateurs/blocage', {
        collaborateur: c,
        nomComplet: nomDe(c),
        gere: mayManage(user, c),
        breadcrumb: lieu(c, 'Bloquer le compte'),
      })
    },
  }),
  act(`${FICHE}/blocage`, {
    can,
    async run({ db, user, params, note }) {
      const who = await lockCollaborateur(db, user, params.id!)
      if (who.bloque_le !== null) throw new Refusal('Ce compte est déjà bloqué.')
      await block(db, who.id)
      await Promise.all([
        endSessions(db, who.id),
        revokeActivation(db, who.id),
        revokeTokens(db, who.id, 'mot_de_passe'),
        revokeTokens(db, who.id, 'courriel'),
      ])
      note({ action: 'collaborateur.bloque', ...sujet(who.id) })
      return redirect(
        pathOf(who.id),
        'Le compte est bloqué et ses sessions sont fermées. Ses dossiers restent les siens.',
      )
    },
  }),
  act(`${FICHE}/deblocage`, {
    can,
    rerender: FICHE,
    async run({ db, user, params, note }) {
      const who = await lockCollaborateur(db, user, params.id!)
      if (who.bloque_le === null) throw new Refusal('Ce compte n’est pas bloqué.')
      await unblock(db, who.id)
      note({ action: 'collaborateur.debloque', ...sujet(who.id) })
      return redirect(pathOf(who.id), 'Le compte est débloqué.')
    },
  }),
]
