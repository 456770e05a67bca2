import { type Module, page, view } from '../../kernel/page.ts'
import { readCabinet } from './queries.ts'

/** How to reach the organisme, and who follows my dossier. */
export const contact: Module = {
  name: 'contact',
  routes: [
    page('/contact', {
      can: 'contact.read',
      async run({ db, user }) {
        const cabinet = user.adherentId === null ? undefined : await readCabinet(db, user.adherentId)
        return view('contact/contact', { cabinet, adherent: user.adherentId !== null })
      },
    }),
  ],
}
