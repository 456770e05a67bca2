import { type Module, page, redirect } from '../../kernel/page.ts'
import { accueilAdherent } from './adherent.ts'
import { accueilGestion } from './gestion.ts'
import { accueilStructure } from './structure.ts'

/** Home: the first screen answers what you want from me, what is new, where my papers are. */
export const accueil: Module = {
  name: 'accueil',
  routes: [
    page('/', {
      can: 'accueil.read',
      run: (ctx) => {
        switch (ctx.user.role) {
          case 'adherent':
            return accueilAdherent(ctx)
          case 'permanent':
          case 'administrateur':
            return accueilGestion(ctx)
          case 'operateur':
            return redirect('/plateforme')
          default:
            return accueilStructure(ctx)
        }
      },
    }),
  ],
}
