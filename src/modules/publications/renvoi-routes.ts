import { resendMails, resent } from '../../kernel/mail/failed.ts'
import { type Route, act, redirect } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { mailKeysOf, readPublication } from './queries.ts'

/** The mails of a campaign that did not arrive leave once more, all of them. */
export const routes: Route[] = [
  act('/gestion/publications/:id/renvoi', {
    can: 'gestion.publications.manage',
    async run({ db, params, note }) {
      const { id } = await readPublication(db, params.id!)
      const count = await resendMails(db, sql`c.cle in (${mailKeysOf(id)})`)
      if (count > 0)
        note({ action: 'publication.renvoi', objet: 'publication', objetId: id, detail: { nombre: count } })
      return redirect(`/gestion/publications/${id}`, resent(count))
    },
  }),
]
