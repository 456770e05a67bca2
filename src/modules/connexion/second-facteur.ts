import { admitPost } from '../../kernel/auth/admission.ts'
import { type Account, asPerson, noteAccess } from '../../kernel/auth/account.ts'
import { countCodesLeft, takeCode } from '../../kernel/auth/second-factor.ts'
import { type Try, duration } from '../../kernel/auth/throttle.ts'
import { Refusal } from '../../kernel/errors.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Ctx, type Reply, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { type Pending, backToPassword, countCodeTry, enter, pendingAccount } from './entree.ts'
import { CodeForm, CodeQuery } from './forms.ts'

const TOO_LATE = 'Plus de dix minutes ont passé depuis votre mot de passe. Recommencez.'

/** Wrong codes after which one goes back to the password. */
const MOST = 5

export const secondFacteurRoutes: Route[] = [
  page('/connexion/second-facteur', {
    can: 'public',
    query: CodeQuery,
    run: async (ctx) => {
      if (ctx.user) return redirect('/')
      const found = await pendingAccount(ctx)
      if (!found) return redirect('/connexion')
      return view('connexion/second-facteur', { secours: ctx.query?.secours === 'oui' })
    },
  }),

  act('/connexion/second-facteur', {
    can: 'public',
    form: CodeForm,
    journal: false,
    run: async (ctx) => {
      if (ctx.user) return redirect('/')
      await admitPost(ctx)
      const found = await pendingAccount(ctx)
      if (!found) return backToPassword(ctx, TOO_LATE)
      const { account, pending } = found
      const typed = ctx.form.secours ?? ctx.form.code
      const field = ctx.form.secours === undefined ? 'code' : 'secours'
      if (typed === '') throw new Refusal('Indiquez le code.', field)
      const tried = await countCodeTry(ctx, account)
      if (tried.refused) return tooManyCodes(ctx, tried)
      const taken = await takeCode(ctx.services.config, ctx.services.database.acces, account, typed)
      if (taken) return passed(ctx, account, pending, taken)
      await asPerson(ctx.services, account, (db) =>
        noteAccess(db, account, 'second-facteur.echec', ctx.request.id, { essai: tried.count }),
      )
      if (tried.count >= MOST) return tooManyCodes(ctx, tried)
      throw new Refusal(
        field === 'code'
          ? 'Ce code ne convient pas. Attendez que l’application en affiche un nouveau, puis tapez-le.'
          : 'Ce code de secours ne convient pas, ou il a déjà servi.',
        field,
      )
    },
  }),
]

function tooManyCodes(ctx: Ctx, { wait }: Try): Reply {
  return backToPassword(
    ctx,
    `Trop de codes faux. Recommencez par votre mot de passe dans ${duration(Math.max(wait, 60))}.`,
  )
}

async function passed(
  ctx: Ctx,
  account: Account,
  pending: Pending,
  facteur: 'code' | 'secours',
): Promise<Reply> {
  if (facteur === 'code') return enter(ctx, account, { ...pending, facteur })
  const left = await asPerson(ctx.services, account, async (db) => {
    await queueMail(db, {
      key: `code-de-secours:${account.id}:${ctx.request.id}`,
      template: 'second-facteur',
      to: account.id,
      data: { lien: '/profil', quoi: 'secours' },
    })
    return countCodesLeft(db, account.organismeId, account.id)
  })
  const notice =
    left === 0
      ? 'Vous avez utilisé votre dernier code de secours\u00a0: faites-en de nouveaux dans votre profil.'
      : `Vous avez utilisé un code de secours\u00a0: il vous en reste ${left}.`
  return enter(ctx, account, { ...pending, facteur, notice })
}
