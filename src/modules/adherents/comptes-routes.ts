import { z } from 'zod'
import { inviteByMail } from '../../kernel/auth/activation.ts'
import { courriel } from '../../kernel/forms.ts'
import { type Route, act, redirect } from '../../kernel/page.ts'
import { createCompte } from '../comptes/queries.ts'

const FICHE = '/gestion/adherents/:id'

/** The account of an adhérent is made from his fiche; what becomes of it is the business of /gestion/comptes. */
export const comptes: Route[] = [
  act(`${FICHE}/compte`, {
    can: 'gestion.comptes.manage',
    form: z.strictObject({ courriel }),
    rerender: FICHE,
    async run({ db, params, form, note }) {
      const adherentId = params.id!
      const id = await createCompte(db, adherentId, form.courriel)
      await inviteByMail(db, id)
      note({ action: 'compte.cree', objet: 'compte', objetId: id, adherentId })
      return redirect(
        `/gestion/adherents/${adherentId}`,
        'Le compte est créé. Un courriel part avec le lien d’activation, valable trois jours.',
      )
    },
  }),
]
