import { type Account, accountById, asPerson, noteAccess } from '../../kernel/auth/account.ts'
import { activationBinding } from '../../kernel/auth/activation.ts'
import { admitPost } from '../../kernel/auth/admission.ts'
import { checkDefi } from '../../kernel/auth/defi.ts'
import { guessableWords, prepareNewPassword, setPassword } from '../../kernel/auth/new-password.ts'
import { passwordRule } from '../../kernel/auth/password-rules.ts'
import { type Purpose, TOKEN, type Token, consumeToken, findToken } from '../../kernel/auth/tokens.ts'
import { NotFound, Refusal } from '../../kernel/errors.ts'
import { queueJob } from '../../kernel/jobs.ts'
import { type Ctx, type Reply, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { z } from 'zod'
import { NouveauMotDePasseForm, OubliForm } from './forms.ts'
import { closedSentence } from './lien.ts'
import { cleanIdentifiant, logsInByMail } from './statut.ts'

/** The two links that lead to a new password. */
const LINKS = {
  mot_de_passe: {
    path: '/mot-de-passe-oublie',
    view: 'connexion/nouveau-mot-de-passe',
    action: 'mot-de-passe.change',
  },
  activation: { path: '/activation', view: 'connexion/activation', action: 'compte.active' },
} as const
type Link = keyof typeof LINKS

export const motDePasseRoutes: Route[] = [
  page('/mot-de-passe-oublie', {
    can: 'public',
    query: z.object({ envoi: z.literal('fait').optional().catch(undefined) }),
    run: (ctx) =>
      ctx.query?.envoi === 'fait'
        ? view('connexion/mot-de-passe-envoye')
        : view('connexion/mot-de-passe-oublie', { parCourriel: logsInByMail(ctx.organisme) }),
  }),

  act('/mot-de-passe-oublie', {
    can: 'public',
    form: OubliForm,
    journal: false,
    run: async (ctx) => {
      await admitPost(ctx)
      await checkDefi(ctx, ctx.form.defi)
      // Who it is is looked up later, beside the reply: the same answer, in the same time, whoever asks.
      await queueJob(ctx.db, 'connexion.oubli', {
        saisie: cleanIdentifiant(ctx.form.identifiant),
        requete: ctx.request.id,
      })
      return redirect('/mot-de-passe-oublie?envoi=fait')
    },
  }),

  ...linkRoutes('mot_de_passe'),
  ...linkRoutes('activation'),
]

function linkRoutes(link: Link): Route[] {
  const { path, view: template, action } = LINKS[link]
  return [
    page(`${path}/:jeton`, {
      can: 'public',
      words: { jeton: TOKEN },
      run: async (ctx) => {
        const { token, account } = await openLink(ctx, link)
        const refus = refusalOf(ctx, link, token, account)
        if (refus || !account)
          return view('connexion/lien-ferme', { link, phrase: refus ?? closedSentence(token, ctx.today) })
        return view(template, {
          compte: { nom: [account.prenom, account.nom].filter(Boolean).join(' '), login: account.login },
          regle: passwordRule(account.role),
        })
      },
    }),
    act(`${path}/:jeton`, {
      can: 'public',
      words: { jeton: TOKEN },
      form: NouveauMotDePasseForm,
      journal: false,
      run: async (ctx) => {
        await admitPost(ctx)
        const { token, account } = await openLink(ctx, link)
        const refus = refusalOf(ctx, link, token, account)
        if (refus || !account) throw new Refusal(refus ?? closedSentence(token, ctx.today))
        return choose(ctx, link, account, action)
      },
    }),
  ]
}

async function openLink(ctx: Ctx, purpose: Purpose): Promise<{ token: Token; account: Account | undefined }> {
  const { acces } = ctx.services.database
  const token = await findToken(acces, ctx.organisme.id, ctx.params.jeton!, purpose)
  if (!token) throw new NotFound('jeton')
  return { token, account: await accountById(acces, ctx.organisme.id, token.accountId) }
}

/** Why this link opens nothing for whoever is here, or undefined. */
function refusalOf(
  ctx: CtxWithUser,
  link: Link,
  token: Token,
  account: Account | undefined,
): string | undefined {
  if (token.state !== 'libre' || !account) return closedSentence(token, ctx.today)
  if (ctx.user && ctx.user.id !== account.id) {
    return 'Ce lien est celui de quelqu’un d’autre\u00a0: déconnectez-vous avant de l’utiliser.'
  }
  const bound = activationBinding(account)
  if (link === 'activation' && Object.entries(bound).some(([name, value]) => token.data[name] !== value)) {
    return 'Votre accès a été modifié depuis l’envoi de ce lien. Demandez-en un autre.'
  }
  return undefined
}

/** Where the log-in does not ask whether one is an adhérent or a cabinet. */
const STAFF_LOGIN = '/connexion?statut=permanent'

type CtxWithUser = Ctx & { user: { id: string } | null }

async function choose(
  ctx: Ctx<{ nouveau: string; confirmation: string }> & { user: { id: string } | null },
  link: Link,
  account: Account,
  action: string,
): Promise<Reply> {
  const { services, organisme } = ctx
  const words = await asPerson(services, account, (db) => guessableWords(db, organisme, account.id))
  const hash = await prepareNewPassword(services.config.passwordCost, ctx.form, { role: account.role, words })
  await asPerson(services, account, async (db) => {
    await consumeToken(db, ctx.params.jeton!, link)
    await setPassword(db, account.id, hash)
    await noteAccess(db, account, action, ctx.request.id, { par: 'lien' })
  })
  const notice =
    link === 'activation'
      ? 'Votre accès est activé. Connectez-vous avec le mot de passe que vous venez de choisir.'
      : 'Votre mot de passe est changé et vos sessions sont fermées. Connectez-vous.'
  const staff = account.role === 'permanent' || account.role === 'administrateur'
  return redirect(staff ? STAFF_LOGIN : '/connexion', notice, { signOut: ctx.user !== null })
}
