import { admitPost } from '../../kernel/auth/admission.ts'
import { checkDefi, newChallenge } from '../../kernel/auth/defi.ts'
import { CHALLENGE_FROM, recognize } from '../../kernel/auth/local.ts'
import { type Try, duration, isSuspect } from '../../kernel/auth/throttle.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Ctx, type Route, act, json, page, redirect, view } from '../../kernel/page.ts'
import { noteAccess } from '../../kernel/auth/account.ts'
import { demonstration } from './demo.ts'
import { afterPassword } from './entree.ts'
import { ConnexionForm, ConnexionQuery } from './forms.ts'
import {
  adherentLabel,
  cabinetLabel,
  cleanIdentifiant,
  isStatut,
  logsInByMail,
  mismatch,
  safeReturn,
} from './statut.ts'

/** Failures come back with the form and this; a session that failed before must solve the challenge. */
async function asksForDefi(ctx: Ctx): Promise<boolean> {
  return ctx.session.get('defi') === true || (await isSuspect(ctx.services.database.acces, ctx.request.ip))
}

const FREE_TRIES = 5

/** One sentence whoever it is, and what comes next. */
function wrongSentence(byMail: boolean, { count, wait }: Try): string {
  const what = byMail ? 'L’adresse ou le mot de passe' : 'Le numéro ou le mot de passe'
  const next =
    count >= FREE_TRIES
      ? `Vous pourrez recommencer dans ${duration(wait)}.`
      : count === FREE_TRIES - 1
        ? 'Encore un essai, puis il faudra attendre une minute.'
        : 'Vérifiez-les, majuscules comprises.'
  return `${what} ne convient pas. ${next}`
}

export const connexionRoutes: Route[] = [
  page('/connexion', {
    can: 'public',
    query: ConnexionQuery,
    run: async (ctx) => {
      if (ctx.user) return redirect('/')
      const rappel = ctx.session.get('rappel')
      if (rappel !== undefined) ctx.session.set('rappel', undefined)
      const remembered = ctx.request.cookie('statut')
      const statut = ctx.query?.statut ?? (isStatut(remembered) ? remembered : undefined)
      const { vocabulaire } = ctx.organisme
      return view('connexion/connexion', {
        parCourriel: logsInByMail(ctx.organisme),
        statut,
        choix: [
          { valeur: 'adherent', libelle: adherentLabel(vocabulaire), icone: 'users-group' },
          { valeur: 'cabinet', libelle: cabinetLabel(vocabulaire), icone: 'briefcase' },
        ],
        retour: safeReturn(ctx.query?.retour),
        defi: await asksForDefi(ctx),
        rappel: rappel === undefined ? null : { genre: 'alerte', texte: rappel },
        demonstration: ctx.services.config.demo ? demonstration(ctx.organisme.code) : null,
      })
    },
  }),

  act('/connexion', {
    can: 'public',
    form: ConnexionForm,
    journal: false,
    run: async (ctx) => {
      if (ctx.user) return redirect('/')
      const { form } = ctx
      await admitPost(ctx)
      const identifiant = cleanIdentifiant(form.identifiant)
      const byMail = logsInByMail(ctx.organisme)
      const sentence = byMail ? undefined : mismatch(form.statut, identifiant, ctx.organisme.vocabulaire)
      if (sentence) throw new Refusal(sentence, form.statut === 'permanent' ? 'identifiant' : 'statut')
      if (await asksForDefi(ctx)) await checkDefi(ctx, form.defi)
      const { recognized, tried } = await recognize(ctx, identifiant, form.motDePasse)
      if (!recognized) {
        if (tried.count >= CHALLENGE_FROM) ctx.session.set('defi', true)
        throw new Refusal(wrongSentence(byMail || form.statut === 'permanent', tried))
      }
      return afterPassword(ctx, recognized.account, safeReturn(form.retour), form.statut)
    },
  }),

  page('/connexion/defi', {
    can: 'public',
    run: async (ctx) => json(await newChallenge(ctx)),
  }),

  act('/deconnexion', {
    can: 'deconnexion.do',
    journal: false,
    endsView: true,
    run: async (ctx) => {
      await noteAccess(ctx.db, ctx.user, 'deconnexion', ctx.request.id)
      return redirect('/connexion', 'Vous êtes déconnecté. À bientôt.', { signOut: true })
    },
  }),
]
