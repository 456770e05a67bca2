import { type Module, page, view } from '../../kernel/page.ts'

/** Home: the first screen answers what you want from me, what is new, where my papers are. */
export const accueil: Module = {
  name: 'accueil',
  routes: [
    page('/', {
      can: 'accueil.read',
      run: async () => view('accueil/adherent', {}),
    }),
  ],
}
