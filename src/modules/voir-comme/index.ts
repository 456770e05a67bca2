import { z } from 'zod'
import { confirmPassword } from '../../kernel/auth/confirm-password.ts'
import { Refusal } from '../../kernel/errors.ts'
import { motDePasseActuel, paragraphe } from '../../kernel/forms.ts'
import { type Module, act, page, redirect, view } from '../../kernel/page.ts'
import { tellOwner } from '../comptes/acts.ts'
import { lockCompte, readCompte } from '../comptes/queries.ts'
import { line, pathOf, sujet, trail } from '../comptes/shown.ts'
import { endVues, insertVue } from './queries.ts'
import { phrases } from './phrases.ts'

const PAGE = '/gestion/comptes/:id/voir-comme'
const can = 'voir-comme.open'

const Raison = z.strictObject({
  motif: paragraphe('la raison', 500).refine(
    (motif) => motif.length >= 5,
    'Indiquez la raison en quelques mots.',
  ),
  motDePasse: motDePasseActuel,
})

/** The portal through the eyes of a member or of somebody of a cabinet; kernel/vue-comme.ts keeps it to reading. */
export const voirComme: Module = {
  name: 'voir-comme',
  phrases,
  routes: [
    page(PAGE, {
      can,
      async run({ db, params, today }) {
        const compte = await readCompte(db, params.id!)
        return view('voir-comme/demande', {
          compte: line(compte, today),
          retour: pathOf(compte.id),
          breadcrumb: trail(compte, 'Voir comme'),
        })
      },
    }),
    act(PAGE, {
      can,
      form: Raison,
      async run(ctx) {
        const { db, params, form, user, note } = ctx
        await confirmPassword(ctx, form.motDePasse, 'motDePasse')
        const compte = await lockCompte(db, params.id!)
        if (compte.parti_le !== null && compte.parti_le <= ctx.today)
          throw new Refusal('Cette personne est partie\u00a0: elle ne voit plus rien.')
        await endVues(db)
        const permanentNom = `${user.prenom} ${user.nom}`.trim()
        const id = await insertVue(db, { utilisateurId: compte.id, permanentNom, motif: form.motif })
        await tellOwner(db, compte.id, 'vue', id)
        note({
          action: 'voir-comme.debut',
          ...sujet(compte),
          detail: { motif: form.motif, comme: compte.login },
        })
        return redirect('/', undefined, { signIn: { id: user.id, role: user.role, vueComme: id } })
      },
    }),
    act('/voir-comme/fin', {
      // Whoever lost the right meanwhile still gets out.
      can: 'accueil.read',
      endsView: true,
      async run({ db, user, can: may, note }) {
        const vue = await endVues(db)
        note({
          action: 'voir-comme.fin',
          objet: 'compte',
          objetId: vue?.utilisateur_id ?? null,
          adherentId: vue?.adherent_id ?? null,
        })
        if (!vue) return redirect('/', undefined, { signIn: { id: user.id, role: user.role } })
        return redirect(
          may('gestion.comptes.manage') ? pathOf(vue.utilisateur_id) : '/',
          'La vue est terminée\u00a0: vous êtes de nouveau vous-même.',
          { signIn: { id: user.id, role: user.role } },
        )
      },
    }),
  ],
}
