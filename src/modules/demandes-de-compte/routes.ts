import { z } from 'zod'
import { admitPost } from '../../kernel/auth/admission.ts'
import { DEFI, checkDefi } from '../../kernel/auth/defi.ts'
import { NotFound, Refusal } from '../../kernel/errors.ts'
import { choix, courriel, texte, texteFacultatif } from '../../kernel/forms.ts'
import { type Ctx, type Reply, type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { ROLES, numeroLabel, numeroSaisi, roleChoices } from './demande.ts'
import { type NewDemande, insertDemande } from './queries.ts'

const personne = {
  raisonSociale: texteFacultatif('la raison sociale', 150),
  numero: texteFacultatif('le numéro', 40).transform(numeroSaisi),
  nom: texte('votre nom', 80),
  prenom: texte('votre prénom', 80),
  courriel,
  defi: DEFI,
}

const Perdus = z.strictObject(personne)
const Compte = z.strictObject({
  ...personne,
  objet: choix('ce que vous demandez', ['nouveau-compte', 'mise-a-jour']),
  role: choix('votre rôle', ROLES),
  message: z.preprocess(
    (typed) => (typeof typed === 'string' ? typed.replace(/\r\n?/g, '\n') : typed),
    texteFacultatif('le message', 2000),
  ),
})

/** What a visitor asks when he cannot log in; staff answers (F84, F85, F128, F148). */
export const routes: Route[] = [
  page('/identifiants-perdus', {
    can: 'public',
    run: (ctx) => form(ctx, 'demandes-de-compte/identifiants-perdus'),
  }),
  act('/identifiants-perdus', {
    can: 'public',
    form: Perdus,
    run: (ctx) =>
      receive(ctx, ctx.form.defi, {
        ...rowOf(ctx.form),
        genre: 'identifiants-perdus',
        role_souhaite: '',
        message: '',
      }),
  }),
  page('/demande-de-compte', {
    can: 'public',
    run: (ctx) => form(ctx, 'demandes-de-compte/demande-de-compte'),
  }),
  act('/demande-de-compte', {
    can: 'public',
    form: Compte,
    run(ctx) {
      const { objet, role, message, defi } = ctx.form
      if (!roleChoices(ctx.organisme).some((choice) => choice.valeur === role)) {
        throw new Refusal('Choisissez votre rôle.', 'role')
      }
      return receive(ctx, defi, { ...rowOf(ctx.form), genre: objet, role_souhaite: role, message })
    },
  }),
]

/** The platform has no accounts to ask for. */
function form(ctx: Ctx, name: string): Reply {
  if (ctx.organisme.nature === 'plateforme') throw new NotFound('platform')
  return view(name, { roles: roleChoices(ctx.organisme), numeroLabel: numeroLabel(ctx.organisme) })
}

function rowOf(f: z.output<typeof Perdus>) {
  return {
    raison_sociale: f.raisonSociale,
    numero: f.numero,
    nom: f.nom,
    prenom: f.prenom,
    courriel: f.courriel,
  }
}

/** The answer is the same for everybody: it depends on nothing that we know of the person. */
async function receive(ctx: Ctx, defi: string | undefined, demande: NewDemande): Promise<Reply> {
  if (ctx.organisme.nature === 'plateforme') throw new NotFound('platform')
  await admitPost(ctx)
  await checkDefi(ctx, defi)
  await insertDemande(ctx.db, demande)
  ctx.note({
    action: 'demande-de-compte.recue',
    objet: 'demande-de-compte',
    detail: { genre: demande.genre },
  })
  return redirect(
    '/connexion',
    'Votre demande est enregistrée. Nous la vérifions, puis nous vous répondons par courriel ou par téléphone.',
  )
}
