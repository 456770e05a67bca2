import { z } from 'zod'
import { plusieurs } from '../../kernel/forms.ts'
import { MODULES, NOMS_DE_MODULES, modulesFor } from '../../kernel/modules.ts'
import { type Route, act, page, view } from '../../kernel/page.ts'
import { note, regler, saved } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

export const modulesRoutes: Route[] = [
  page(pathOf('modules'), {
    can,
    run: ({ organisme }) =>
      view('reglages/modules', {
        choix: modulesFor(organisme.nature, organisme.modules).map((name) => ({
          valeur: name,
          libelle: MODULES[name].libelle,
          aide: `Sans lui\u00a0: ${MODULES[name].sans}`,
        })),
        actifs: organisme.modules,
        breadcrumb: trail('modules'),
      }),
  }),
  act(pathOf('modules'), {
    can,
    form: z.strictObject({
      modules: plusieurs(z.enum(NOMS_DE_MODULES, 'Ce module n’existe pas.'), NOMS_DE_MODULES.length),
    }),
    async run({ db, form, organisme, note: journal }) {
      const modules = [...new Set(form.modules)]
      await regler(db, { modules })
      journal(note('modules', { de: organisme.modules, vers: modules }))
      return saved(pathOf('modules'), 'Les modules sont enregistrés. Les menus ont déjà changé.')
    },
  }),
]
