import { noteAccess } from '../../kernel/auth/account.ts'
import { secondFactorRequired } from '../../kernel/auth/second-factor-rule.ts'
import { NotFound } from '../../kernel/errors.ts'
import { type Ctx, type Route, type SignedIn, act, page, redirect, view } from '../../kernel/page.ts'
import { fingerprint } from '../../kernel/session.ts'
import { listVues } from '../voir-comme/queries.ts'
import { describeAgent, isMobile } from './appareil.ts'
import { Vide } from './forms.ts'
import {
  type SessionOuverte,
  endOtherSessions,
  endSession,
  listSessions,
  readAcces,
  readFonction,
} from './queries.ts'

export const profilRoutes: Route[] = [
  page('/profil', {
    can: 'profil.manage',
    run: async (ctx) => {
      const { user, organisme } = ctx
      const [acces, { fonction }, sessions, vues] = await Promise.all([
        readAcces(ctx.db, user.id),
        readFonction(ctx.db, user.id),
        listSessions(ctx.db, user.id, fingerprint(ctx.session.id)),
        listVues(ctx.db, user.id, 20),
      ])
      return view('profil/profil', {
        identite: { ...identity(ctx), fonction },
        courriel: user.courriel,
        acces,
        exige: secondFactorRequired(organisme, user.role),
        sessions: sessions.map(shown),
        vues,
        autres: sessions.filter((session) => !session.courante).length,
      })
    },
  }),

  act('/profil/sessions/fin', {
    can: 'profil.manage',
    form: Vide,
    journal: false,
    run: async (ctx) => {
      const ended = await endOtherSessions(ctx.db, ctx.user.id, fingerprint(ctx.session.id))
      await noteAccess(ctx.db, ctx.user, 'sessions.fin', ctx.request.id, { nombre: ended })
      const notice =
        ended === 0
          ? 'Il n’y avait pas d’autre session ouverte.'
          : ended === 1
            ? 'L’autre session est fermée.'
            : `Les ${ended} autres sessions sont fermées.`
      return redirect('/profil', notice)
    },
  }),

  act('/profil/sessions/:id/fin', {
    can: 'profil.manage',
    journal: false,
    run: async (ctx) => {
      if ((await endSession(ctx.db, ctx.user.id, ctx.params.id!)) === 0) throw new NotFound('session')
      await noteAccess(ctx.db, ctx.user, 'sessions.fin', ctx.request.id, { nombre: 1 })
      return redirect('/profil', 'La session est fermée.')
    },
  }),
]

function identity({ user }: Ctx & SignedIn) {
  return {
    nom: [user.civilite, user.prenom, user.nom].filter(Boolean).join(' '),
    login: user.login,
    structure: user.structureNom && user.structureNom !== user.nom ? user.structureNom : null,
    structureNumero: user.structureNumero,
  }
}

function shown(session: SessionOuverte) {
  return {
    ...session,
    libelle: describeAgent(session.appareil),
    icone: isMobile(session.appareil) ? 'device-mobile' : 'device-laptop',
  }
}
