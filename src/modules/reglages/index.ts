import { type Module, page, view } from '../../kernel/page.ts'
import { apparence } from './apparence.ts'
import { conservation, purgeDeNuit } from './conservation.ts'
import { courriels } from './courriels.ts'
import { destinataires } from './destinataires.ts'
import { enTete } from './en-tete.ts'
import { etat } from './etat.ts'
import { identite } from './identite.ts'
import { modulesRoutes } from './modules.ts'
import { parametres } from './parametres.ts'
import { REGLAGES, SECTIONS, can } from './sections.ts'
import { securite } from './securite.ts'
import { vocabulaire } from './vocabulaire.ts'
import { phrases } from './phrases.ts'

/** What an administrateur sets for his organisme: one page a subject. */
export const reglages: Module = {
  name: 'reglages',
  phrases,
  routes: [
    page(REGLAGES, {
      can,
      run: () =>
        view('reglages/liste', {
          sections: SECTIONS.map((section) => ({ ...section, url: `${REGLAGES}/${section.cle}` })),
        }),
    }),
    ...identite,
    ...enTete,
    ...apparence,
    ...vocabulaire,
    ...modulesRoutes,
    ...destinataires,
    ...parametres,
    ...courriels,
    ...securite,
    ...conservation,
    ...etat,
  ],
  tasks: { 'reglages.purger': purgeDeNuit },
}
