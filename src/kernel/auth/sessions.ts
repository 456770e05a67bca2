import type { Db } from '../db.ts'
import { sql } from '../sql.ts'

/** Ends every session of a person, in the transaction of what makes it necessary (new password, new role, blocking). */
export async function endSessions(db: Db, utilisateurId: string): Promise<void> {
  await db.run(sql`delete from acces.sessions
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${utilisateurId}`)
}
