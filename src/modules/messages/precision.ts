import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

/**
 * A thread that the organisme opens with a person, to ask about something that he has asked. It is his thread: he finds it
 * in « Votre courrier » and answers there. @returns its id
 */
export async function openPrecision(
  db: Db,
  p: {
    sujet: string
    /** Whom it is asked of. */
    a: string
    adherentId: string | null
    structureId: string | null
    organisme: string
  },
): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into fils (sujet, genre, ouvert_par, expediteur, expediteur_nom, adherent_id, structure_id, destinataire)
    select left(${p.sujet}, 200), 'precision', u.id, coalesce(nullif(u.courriel, ''), u.login),
      coalesce(nullif(trim(u.prenom || ' ' || u.nom), ''), u.login), ${p.adherentId}, ${p.structureId}, ${p.organisme}
    from utilisateurs u where u.id = ${p.a} returning id`)
  return id
}
