import { z } from 'zod'
import { admitPost } from '../../kernel/auth/admission.ts'
import { TOKEN } from '../../kernel/auth/tokens.ts'
import { Refusal } from '../../kernel/errors.ts'
import { paragraphe } from '../../kernel/forms.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { REPONSE_MAX, answerPrecision, closedSentence, readPrecision } from './precisions.ts'

const PAGE = '/demande-de-compte/precision/:jeton'
const words = { jeton: TOKEN }
const Reponse = z.strictObject({ reponse: paragraphe('votre réponse', REPONSE_MAX) })

/** Where a visitor reads what the staff asks of him, and answers. To open the page uses nothing up: mail scanners do. */
export const precisions: Route[] = [
  page(PAGE, {
    can: 'public',
    words,
    async run({ db, params }) {
      const precision = await readPrecision(db, params.jeton!)
      const phrase = closedSentence(precision)
      return phrase === undefined
        ? view('demandes-de-compte/precision', { precision, max: REPONSE_MAX })
        : view('demandes-de-compte/precision-fermee', { phrase, etat: precision.etat })
    },
  }),
  act(PAGE, {
    can: 'public',
    words,
    form: Reponse,
    async run(ctx) {
      const { db, params, form, note } = ctx
      await admitPost(ctx)
      if (!(await answerPrecision(db, params.jeton!, form.reponse)))
        throw new Refusal(closedSentence(await readPrecision(db, params.jeton!)) ?? 'Ce lien ne sert plus.')
      note({ action: 'demande-de-compte.precisee', objet: 'demande-de-compte' })
      return redirect(
        `/demande-de-compte/precision/${params.jeton!}`,
        'Votre réponse est enregistrée. Merci.',
      )
    },
  }),
]
