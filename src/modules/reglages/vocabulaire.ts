import { z } from 'zod'
import { texte } from '../../kernel/forms.ts'
import { type Route, act, page, view } from '../../kernel/page.ts'
import { note, regler, saved } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

const mot = (quoi: string) =>
  texte(quoi, 30).refine((word) => /^[\p{L}\p{N}’' -]+$/u.test(word), 'Un mot ne contient que des lettres.')

const Mots = z.strictObject({
  adherent: mot('le mot'),
  adherents: mot('le mot'),
  cabinet: mot('le mot'),
  cabinets: mot('le mot'),
  organisme: mot('le mot'),
})

/** F150: the words that vary for one thing. */
export const vocabulaire: Route[] = [
  page(pathOf('vocabulaire'), {
    can,
    run: ({ organisme }) =>
      view('reglages/vocabulaire', { mots: organisme.vocabulaire, breadcrumb: trail('vocabulaire') }),
  }),
  act(pathOf('vocabulaire'), {
    can,
    form: Mots,
    async run({ db, form, note: journal }) {
      await regler(db, { vocabulaire: form })
      journal(note('vocabulaire', { ...form }))
      return saved(pathOf('vocabulaire'), 'Vos mots sont enregistrés.')
    },
  }),
]
