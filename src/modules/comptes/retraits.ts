import { z } from 'zod'
import { confirmPassword } from '../../kernel/auth/confirm-password.ts'
import { removeSecondFactor } from '../../kernel/auth/second-factor.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { Forbidden, Refusal } from '../../kernel/errors.ts'
import { motDePasseActuel, paragraphe } from '../../kernel/forms.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Ctx, type Route, type SignedIn, act, page, redirect, view } from '../../kernel/page.ts'
import { tellOwner } from './acts.ts'
import {
  type Retrait,
  closeRetrait,
  insertRetrait,
  listRetraits,
  lockFactor,
  lockRetrait,
  readRetrait,
} from './retraits-queries.ts'
import { LISTE, pathOf } from './shown.ts'

const RETRAITS = `${LISTE}/retraits`
const can = 'gestion.comptes.manage'

/**
 * A second factor is taken away by two people of the staff: one asks with a reason, another one confirms within a day.
 * Who owns it hears of both. That of somebody of the staff is asked for by an administrateur.
 */
export const retraits: Route[] = [
  page(RETRAITS, {
    can,
    async run({ db }) {
      return view('comptes/retraits', {
        retraits: await listRetraits(db),
        breadcrumb: [{ libelle: 'Comptes', url: LISTE }, { libelle: 'Validations en deux étapes à retirer' }],
      })
    },
  }),
  page(`${LISTE}/:id/second-facteur`, {
    can,
    async run(ctx) {
      const compte = await target(ctx, ctx.params.id!)
      return view('comptes/second-facteur', {
        compte,
        retour: backOf(compte),
        breadcrumb: [
          { libelle: 'Comptes', url: LISTE },
          { libelle: compte.nom, url: backOf(compte) },
          { libelle: 'Retirer la validation en deux étapes' },
        ],
      })
    },
  }),
  act(`${LISTE}/:id/second-facteur`, {
    can,
    form: z.strictObject({ motif: paragraphe('la raison', 500), motDePasse: motDePasseActuel }),
    async run(ctx) {
      const { db, params, form, user, note } = ctx
      await confirmPassword(ctx, form.motDePasse, 'motDePasse')
      const compte = await target(ctx, params.id!)
      if (compte.id === user.id)
        throw new Refusal(
          'Vous ne pouvez pas demander cela pour vous-même\u00a0: une autre personne le peut.',
        )
      if (!compte.facteur) throw new Refusal('Ce compte n’a pas de validation en deux étapes.')
      const id = await insertRetrait(db, compte.id, form.motif)
      await tellOwner(db, compte.id, 'retrait', id)
      note({ action: 'second-facteur.retrait-demande', ...about(compte), detail: { motif: form.motif } })
      return redirect(
        backOf(compte),
        'La demande est faite. Une autre personne doit la confirmer dans les vingt-quatre heures.',
      )
    },
  }),
  page(`${RETRAITS}/:id`, {
    can,
    async run({ db, params, user }) {
      const retrait = await readRetrait(db, params.id!)
      return view('comptes/retrait', {
        retrait,
        mien: retrait.demande_par === user.id,
        pourMoi: retrait.utilisateur_id === user.id,
        breadcrumb: [
          { libelle: 'Comptes', url: LISTE },
          { libelle: 'Validations en deux étapes à retirer', url: RETRAITS },
          { libelle: retrait.nom },
        ],
      })
    },
  }),
  act(`${RETRAITS}/:id`, {
    can,
    form: z.strictObject({ motDePasse: motDePasseActuel }),
    async run(ctx) {
      const { db, params, form, user, request, note } = ctx
      await confirmPassword(ctx, form.motDePasse, 'motDePasse')
      const retrait = await lockRetrait(db, params.id!)
      if (retrait.demande_par === user.id)
        throw new Refusal('Vous avez demandé ce retrait\u00a0: une autre personne doit le confirmer.')
      if (retrait.utilisateur_id === user.id)
        throw new Refusal(
          'C’est votre propre validation en deux étapes\u00a0: une autre personne doit confirmer.',
        )
      await closeRetrait(db, retrait.id, 'confirme')
      await removeSecondFactor(db, retrait.utilisateur_id)
      await endSessions(db, retrait.utilisateur_id)
      await queueMail(db, {
        key: `second-facteur:${retrait.utilisateur_id}:${request.id}`,
        template: 'second-facteur',
        to: retrait.utilisateur_id,
        data: { lien: '/profil', quoi: 'retire' },
      })
      note({
        action: 'second-facteur.retrait-confirme',
        ...subject(retrait),
        detail: { demandeur: retrait.demandeur },
      })
      return redirect(RETRAITS, `La validation en deux étapes est retirée\u00a0: ${retrait.nom}.`)
    },
  }),
  act(`${RETRAITS}/:id/refus`, {
    can,
    rerender: `${RETRAITS}/:id`,
    async run({ db, params, note }) {
      const retrait = await lockRetrait(db, params.id!)
      await closeRetrait(db, retrait.id, 'refuse')
      note({ action: 'second-facteur.retrait-refuse', ...subject(retrait) })
      return redirect(RETRAITS, `La demande pour ${retrait.nom} est abandonnée. Rien n’a changé.`)
    },
  }),
]

const STAFF = ['permanent', 'administrateur']

/** @throws NotFound; Forbidden for a permanent who asks for somebody of the staff */
async function target(ctx: Ctx & SignedIn, id: string): ReturnType<typeof lockFactor> {
  const compte = await lockFactor(ctx.db, id)
  if (STAFF.includes(compte.role) && !ctx.can('personnel.manage')) throw new Forbidden('personnel')
  return compte
}

function backOf({ id, role }: { id: string; role: string }): string {
  return STAFF.includes(role) ? `/gestion/personnel/${id}` : pathOf(id)
}

function about({ id, adherent_id: adherentId }: { id: string; adherent_id: string | null }) {
  return { objet: 'compte', objetId: id, adherentId }
}

function subject(retrait: Retrait) {
  return about({ id: retrait.utilisateur_id, adherent_id: retrait.adherent_id })
}
