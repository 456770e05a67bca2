import { resendMails, resent } from '../../kernel/mail/failed.ts'
import { type Route, act, redirect } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'

/** Mails that did not arrive leave again from the fiche, once the address is right. */
export const courriels: Route[] = [
  act('/gestion/adherents/:id/renvoi', {
    can: 'gestion.comptes.manage',
    async run({ db, params, note }) {
      const id = params.id!
      await db.one(sql`select id from adherents where id = ${id}`)
      const count = await resendMails(db, sql`u.adherent_id = ${id}`)
      if (count > 0)
        note({
          action: 'courriels.renvoyes',
          objet: 'adherent',
          objetId: id,
          adherentId: id,
          detail: { nombre: count },
        })
      return redirect(`/gestion/adherents/${id}`, resent(count))
    },
  }),
]
