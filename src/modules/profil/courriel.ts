import { type Account, accountById, asPerson, noteAccess } from '../../kernel/auth/account.ts'
import { confirmPassword } from '../../kernel/auth/confirm-password.ts'
import { admitPost } from '../../kernel/auth/admission.ts'
import { TOKEN, type Token, consumeToken, createToken, findToken } from '../../kernel/auth/tokens.ts'
import { NotFound, Refusal } from '../../kernel/errors.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Ctx, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { allowed } from '../../kernel/policy.ts'
import { closedSentence } from '../connexion/lien.ts'
import { CourrielForm, Vide } from './forms.ts'
import { setCourriel } from './queries.ts'

/** A new address counts from the moment its link is followed; the old one is told. */
export const courrielRoutes: Route[] = [
  page('/profil/courriel', {
    can: 'profil.manage',
    run: (ctx) => view('profil/courriel', { courriel: ctx.user.courriel }),
  }),

  act('/profil/courriel', {
    can: 'profil.manage',
    form: CourrielForm,
    journal: false,
    run: async (ctx) => {
      const { form, user } = ctx
      if (form.courriel.toLowerCase() === user.courriel.toLowerCase()) {
        throw new Refusal('C’est déjà votre adresse électronique.', 'courriel')
      }
      await confirmPassword(ctx, form.motDePasse, 'motDePasse')
      const token = await createToken(ctx.db, user.id, 'courriel', { courriel: form.courriel })
      await queueMail(ctx.db, {
        key: `courriel-a-confirmer:${user.id}:${ctx.request.id}`,
        template: 'courriel-a-confirmer',
        to: { nom: [user.prenom, user.nom].filter(Boolean).join(' '), courriel: form.courriel },
        data: { lien: `/profil/courriel/${token}` },
      })
      await noteAccess(ctx.db, user, 'courriel.demande', ctx.request.id)
      return redirect(
        '/profil',
        `Un message vient de partir vers ${form.courriel}. L’adresse changera quand vous aurez suivi son lien.`,
      )
    },
  }),

  page('/profil/courriel/:jeton', {
    can: 'public',
    words: { jeton: TOKEN },
    run: async (ctx) => {
      const { token, account } = await openLink(ctx)
      if (token.state !== 'libre' || !account) {
        return view('connexion/lien-ferme', { link: 'courriel', phrase: closedSentence(token, ctx.today) })
      }
      return view('profil/courriel-confirmer', { nouveau: token.data.courriel })
    },
  }),

  act('/profil/courriel/:jeton', {
    can: 'public',
    words: { jeton: TOKEN },
    form: Vide,
    journal: false,
    run: async (ctx) => {
      await admitPost(ctx)
      const { token, account } = await openLink(ctx)
      if (token.state !== 'libre' || !account) throw new Refusal(closedSentence(token, ctx.today))
      if (ctx.user && ctx.user.id !== account.id) {
        throw new Refusal(
          'Ce lien est celui de quelqu’un d’autre\u00a0: déconnectez-vous avant de l’utiliser.',
        )
      }
      await asPerson(ctx.services, account, async (db) => {
        await consumeToken(db, ctx.params.jeton!, 'courriel')
        // To the old address, before it is forgotten.
        if (account.courriel !== '') {
          await queueMail(db, {
            key: `courriel-change:${account.id}:${ctx.request.id}`,
            template: 'courriel-change',
            to: { nom: [account.prenom, account.nom].filter(Boolean).join(' '), courriel: account.courriel },
            data: { lien: allowed(account.role, 'contact.read') ? '/contact' : '/profil' },
          })
        }
        await setCourriel(db, account.id, token.data.courriel!)
        await noteAccess(db, account, 'courriel.change', ctx.request.id)
      })
      return redirect(ctx.user ? '/profil' : '/connexion', 'Votre adresse électronique est changée.')
    },
  }),
]

async function openLink(ctx: Ctx): Promise<{ token: Token; account: Account | undefined }> {
  const { acces } = ctx.services.database
  const token = await findToken(acces, ctx.organisme.id, ctx.params.jeton!, 'courriel')
  if (!token) throw new NotFound('jeton')
  return { token, account: await accountById(acces, ctx.organisme.id, token.accountId) }
}
