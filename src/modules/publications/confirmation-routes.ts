import { Refusal } from '../../kernel/errors.ts'
import { pluriel } from '../../kernel/formats.ts'
import { type Route, act, redirect } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { isOpen } from './etat.ts'
import { Confirmation } from './forms.ts'
import { PUBLIABLES } from './ligne.ts'
import { startPublication } from './publication.ts'
import { dropArchive, lockPublication } from './queries.ts'
import { publicationAt } from './quand.ts'

const can = 'gestion.publications.manage'

/** The end of the trial: the campaign is published, or given up. */
export const routes: Route[] = [
  act('/gestion/publications/:id/confirmation', {
    can,
    form: Confirmation,
    rerender: '/gestion/publications/:id',
    run: async ({ db, params, form, now, user, note }) => {
      const publication = await lockPublication(db, params.id!)
      if (publication.confirmee_le !== null) throw new Refusal('Cette campagne est déjà confirmée.')
      if (publication.annulee_le !== null) throw new Refusal('Cette campagne est abandonnée.')
      if (publication.verifiee_le === null) throw new Refusal('Attendez la fin de l’essai.')
      if (form.quand === 'plus_tard') throw new Refusal('Choisissez quand publier.', 'quand')
      const at = publicationAt(form, now)
      const kept = form.avecPartis ? PUBLIABLES : ['pret']
      const n = await db.run(sql`update publication_lignes set retenue_le = now()
        where publication_id = ${publication.id} and verdict = any(${kept})`)
      if (n === 0) throw new Refusal('Aucun document n’est prêt à être publié.')
      await db.run(sql`update publications set confirmee_le = now(), confirmee_par = ${user.id},
        avec_partis = ${form.avecPartis}, prevenir = ${form.prevenir}, publier_le = ${at?.toISOString() ?? null}::timestamptz
        where id = ${publication.id}`)
      await startPublication(db, publication, `/gestion/publications/${publication.id}`)
      note({
        action: 'publication.confirmee',
        objet: 'publication',
        detail: { documents: n, publier_le: at },
      })
      return redirect(
        `/gestion/publications/${publication.id}`,
        `${pluriel(n, 'document va être publié', 'documents vont être publiés')}${at ? ' à l’heure prévue' : ''}.`,
      )
    },
  }),
  act('/gestion/publications/:id/abandon', {
    can,
    rerender: '/gestion/publications/:id',
    run: async ({ db, params, user, note }) => {
      const publication = await lockPublication(db, params.id!)
      if (!isOpen(publication))
        throw new Refusal('Cette campagne est confirmée : annulez le travail en cours.')
      await db.run(
        sql`update publications set annulee_le = now(), annulee_par = ${user.id} where id = ${publication.id}`,
      )
      await dropArchive(db, publication.id)
      note({ action: 'publication.abandonnee', objet: 'publication' })
      return redirect('/gestion/publications', 'La campagne est abandonnée. Rien n’a été publié.')
    },
  }),
]
