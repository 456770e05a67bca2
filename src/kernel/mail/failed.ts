import type { Db } from '../db.ts'
import { sql } from '../sql.ts'

export interface FailedMail {
  id: string
  destinataire: string
  nom: string
  cree_le: string
  /** What the mail server said, or why it never left. */
  erreur: string
}

/** Mails to the people of an adhérent that never arrived, the last ones first: read by staff. */
export function listFailedMails(db: Db, adherentId: string, limit = 10): Promise<FailedMail[]> {
  return db.many<FailedMail>(sql`select c.id, c.destinataire, c.destinataire_nom as nom, c.cree_le, c.erreur
    from utilisateurs u join courriels c on c.organisme_id = u.organisme_id and c.destinataire_id = u.id
    where u.adherent_id = ${adherentId} and c.abandonne_le is not null and c.envoye_le is null
    order by c.cree_le desc limit ${limit}`)
}
