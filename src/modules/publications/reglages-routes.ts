import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { Cadence } from './forms.ts'
import { readReglages, saveReglages } from './queries.ts'

const can = 'gestion.publications.manage'

/** The pace of the mails of a campaign. */
export const routes: Route[] = [
  page('/gestion/publications/reglages', {
    can,
    run: async ({ db }) => {
      const { par_minute, delai_minutes } = await readReglages(db)
      return view('publications/reglages', {
        parMinute: par_minute,
        delaiMinutes: delai_minutes,
        breadcrumb: [
          { libelle: 'Publications', url: '/gestion/publications' },
          { libelle: 'Cadence des courriels' },
        ],
      })
    },
  }),
  act('/gestion/publications/reglages', {
    can,
    form: Cadence,
    run: async ({ db, form, note }) => {
      await saveReglages(db, { par_minute: form.parMinute, delai_minutes: form.delaiMinutes })
      note({ action: 'publication.cadence', objet: 'publication', detail: { ...form } })
      return redirect('/gestion/publications', 'La cadence des courriels est enregistrée.')
    },
  }),
]
