import type { Acces, Db } from './db.ts'
import type { Utilisateur } from './page.ts'
import { sql } from './sql.ts'

export interface JournalEntry {
  action: string
  objet: string
  objetId: string | null
  adherentId: string | null
  detail: Record<string, unknown>
  request: string
}

/** Adds a row to the journal of the organisme, chained to the row before, in the transaction of the act. */
export async function writeJournal(
  db: Db,
  user: Pick<Utilisateur, 'prenom' | 'nom' | 'login'> | undefined,
  entry: JournalEntry,
): Promise<void> {
  const acteur = user ? `${user.prenom} ${user.nom} (${user.login})`.trim() : db.context.role
  await db.run(sql`select app.journaliser(${acteur}, ${entry.action}, ${entry.objet}, ${entry.objetId}::uuid,
    ${entry.adherentId}::uuid, ${JSON.stringify(entry.detail)}::jsonb, ${entry.request})`)
}

export interface Rupture {
  numero: number
  motif: string
}

/** The first row of the journal that no longer follows from the rows before it, or undefined when the chain holds. */
export async function firstBrokenRow(acces: Acces, organismeId: string): Promise<Rupture | undefined> {
  return acces.maybe<Rupture>(sql`select numero, motif from app.journal_premiere_rupture(${organismeId})`)
}
