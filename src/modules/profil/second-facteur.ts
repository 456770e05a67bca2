import QRCode from 'qrcode'
import { noteAccess } from '../../kernel/auth/account.ts'
import { decrypt, encrypt } from '../../kernel/auth/cipher.ts'
import { confirmPassword } from '../../kernel/auth/confirm-password.ts'
import { rememberDevice } from '../../kernel/auth/devices.ts'
import { SET_UP_PATH, lacksSecondFactor, secondFactorRequired } from '../../kernel/auth/second-factor-rule.ts'
import {
  confirmedStep,
  makeCodes,
  removeSecondFactor,
  replaceCodes,
  setSecondFactor,
} from '../../kernel/auth/second-factor.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { newSecret, otpauthUri, readableSecret } from '../../kernel/auth/totp.ts'
import { Refusal } from '../../kernel/errors.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Ctx, type Route, type SignedIn, act, page, redirect, view } from '../../kernel/page.ts'
import { fingerprint } from '../../kernel/session.ts'
import { ConfirmationForm, SecondFacteurForm } from './forms.ts'
import { endOtherSessions, readAcces } from './queries.ts'

const SECRET = 'second-facteur-secret'

export const secondFacteurRoutes: Route[] = [
  page(SET_UP_PATH, {
    can: 'profil.manage',
    run: async (ctx) => {
      if (ctx.user.secondFacteur) return redirect('/profil')
      const secret = secretInSession(ctx) ?? putInSession(ctx, newSecret())
      const uri = otpauthUri(secret, ctx.organisme.sigle, ctx.user.login)
      const svg = await QRCode.toString(uri, { type: 'svg', margin: 2 })
      return view('profil/second-facteur', {
        qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
        secret: readableSecret(secret),
        exige: lacksSecondFactor(ctx.organisme, ctx.user),
      })
    },
  }),

  act(SET_UP_PATH, {
    can: 'profil.manage',
    form: SecondFacteurForm,
    journal: false,
    run: async (ctx) => {
      const { form, user, services } = ctx
      if (user.secondFacteur) return redirect('/profil')
      const secret = secretInSession(ctx)
      if (!secret)
        throw new Refusal(
          'Cette page était ouverte depuis trop longtemps\u00a0: un nouveau code vient d’être fait.',
        )
      await confirmPassword(ctx, form.motDePasse, 'motDePasse')
      const step = await confirmedStep(services.database.acces, secret, form.code)
      if (step === null) {
        throw new Refusal(
          'Ce code ne convient pas. Attendez que l’application en affiche un nouveau, puis tapez-le.',
          'code',
        )
      }
      const { codes, hashes } = await makeCodes(services.config)
      await setSecondFactor(services.config, ctx.db, user.id, { secret, step, hashes })
      await endSessions(ctx.db, user.id)
      const { cookie } = await rememberDevice(ctx.db, ctx, user.id)
      await tell(ctx, 'active')
      ctx.session.set(SECRET, undefined)
      return view(
        'profil/codes-de-secours',
        { codes, premiere: true },
        {
          signIn: { id: user.id, role: user.role },
          cookies: [cookie],
        },
      )
    },
  }),

  page(`${SET_UP_PATH}/codes`, {
    can: 'profil.manage',
    run: async (ctx) => {
      if (!ctx.user.secondFacteur) return redirect(SET_UP_PATH)
      const { codesRestants } = await readAcces(ctx.db, ctx.user.id)
      return view('profil/codes-nouveaux', { codesRestants })
    },
  }),

  act(`${SET_UP_PATH}/codes`, {
    can: 'profil.manage',
    form: ConfirmationForm,
    journal: false,
    run: async (ctx) => {
      if (!ctx.user.secondFacteur) return redirect(SET_UP_PATH)
      await confirmPassword(ctx, ctx.form.motDePasse, 'motDePasse')
      const { codes, hashes } = await makeCodes(ctx.services.config)
      await replaceCodes(ctx.db, ctx.user.id, hashes)
      await tell(ctx, 'codes')
      return view('profil/codes-de-secours', { codes, premiere: false })
    },
  }),

  page(`${SET_UP_PATH}/retrait`, {
    can: 'profil.manage',
    run: (ctx) => {
      if (!ctx.user.secondFacteur) return redirect('/profil')
      return view('profil/second-facteur-retrait', {
        exige: secondFactorRequired(ctx.organisme, ctx.user.role),
      })
    },
  }),

  act(`${SET_UP_PATH}/retrait`, {
    can: 'profil.manage',
    form: ConfirmationForm,
    journal: false,
    run: async (ctx) => {
      if (!ctx.user.secondFacteur) return redirect('/profil')
      if (secondFactorRequired(ctx.organisme, ctx.user.role)) {
        throw new Refusal(
          'Votre organisme exige la validation en deux étapes\u00a0: elle ne peut pas être retirée.',
        )
      }
      await confirmPassword(ctx, ctx.form.motDePasse, 'motDePasse')
      await removeSecondFactor(ctx.db, ctx.user.id)
      await endOtherSessions(ctx.db, ctx.user.id, fingerprint(ctx.session.id))
      await tell(ctx, 'retire')
      return redirect(
        '/profil',
        'La validation en deux étapes est retirée : le mot de passe suffit de nouveau.',
      )
    },
  }),
]

/** Journal and mail of a change of the second factor. */
async function tell(ctx: Ctx & SignedIn, quoi: 'active' | 'retire' | 'codes'): Promise<void> {
  await noteAccess(ctx.db, ctx.user, `second-facteur.${quoi}`, ctx.request.id)
  await queueMail(ctx.db, {
    key: `second-facteur:${ctx.user.id}:${ctx.request.id}`,
    template: 'second-facteur',
    to: ctx.user.id,
    data: { lien: '/profil', quoi },
  })
}

/** The secret waits in the session, sealed, until a code has proved that the telephone has it. */
function putInSession(ctx: Ctx & SignedIn, secret: Buffer): Buffer {
  ctx.session.set(SECRET, encrypt(ctx.services.config, secret, `session:${ctx.user.id}`))
  return secret
}

function secretInSession(ctx: Ctx & SignedIn): Buffer | undefined {
  const sealed = ctx.session.get(SECRET)
  return typeof sealed === 'string'
    ? decrypt(ctx.services.config, sealed, `session:${ctx.user.id}`)
    : undefined
}
