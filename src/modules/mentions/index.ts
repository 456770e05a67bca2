import { type Module, page, view } from '../../kernel/page.ts'

/** The pages that the law asks of every site; anybody may read them. */
export const mentions: Module = {
  name: 'mentions',
  routes: [
    page('/mentions-legales', { can: 'public', run: () => view('mentions/mentions-legales') }),
    page('/accessibilite', { can: 'public', run: () => view('mentions/accessibilite') }),
  ],
}
