import { noteAccess } from '../../kernel/auth/account.ts'
import { confirmPassword } from '../../kernel/auth/confirm-password.ts'
import { rememberDevice } from '../../kernel/auth/devices.ts'
import { guessableWords, prepareNewPassword, setPassword } from '../../kernel/auth/new-password.ts'
import { passwordRule } from '../../kernel/auth/password-rules.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { MotDePasseForm } from './forms.ts'

export const motDePasseRoutes: Route[] = [
  page('/profil/mot-de-passe', {
    can: 'profil.manage',
    run: (ctx) => view('profil/mot-de-passe', { regle: passwordRule(ctx.user.role) }),
  }),

  act('/profil/mot-de-passe', {
    can: 'profil.manage',
    form: MotDePasseForm,
    journal: false,
    run: async (ctx) => {
      const { form, user, organisme, services } = ctx
      await confirmPassword(ctx, form.motDePasse, 'motDePasse')
      if (form.nouveau === form.motDePasse) {
        throw new Refusal('C’est déjà votre mot de passe\u00a0: choisissez-en un autre.', 'nouveau')
      }
      const words = await services.database.inOrganisme(ctx.db.context, (db) =>
        guessableWords(db, organisme, user.id),
      )
      const hash = await prepareNewPassword(services.config.passwordCost, form, { role: user.role, words })
      await setPassword(ctx.db, user.id, hash)
      const { cookie } = await rememberDevice(ctx.db, ctx, user.id)
      await noteAccess(ctx.db, user, 'mot-de-passe.change', ctx.request.id, { par: 'profil' })
      // A new session for this browser; all the others have just ended.
      return redirect('/profil', 'Votre mot de passe est changé. Vos autres sessions sont fermées.', {
        signIn: { id: user.id, role: user.role },
        cookies: [cookie],
      })
    },
  }),
]
