import type { Acces, Db } from './db.ts'
import type { Utilisateur } from './page.ts'
import { type Sql, sql } from './sql.ts'

export interface JournalEntry {
  action: string
  objet: string
  objetId: string | null
  adherentId: string | null
  detail: Record<string, unknown>
  request: string
}

type Acteur = Pick<Utilisateur, 'prenom' | 'nom' | 'login'>

/** Who acts, as the journal names him for good; without a person, the role. */
function acteurOf(db: Db, user: Acteur | undefined): string {
  return user ? `${user.prenom} ${user.nom} (${user.login})`.trim() : db.context.role
}

/** Adds a row to the journal of the organisme, chained to the row before, in the transaction of the act. */
export async function writeJournal(db: Db, user: Acteur | undefined, entry: JournalEntry): Promise<void> {
  await db.run(sql`select app.journaliser(${acteurOf(db, user)}, ${entry.action}, ${entry.objet}, ${entry.objetId}::uuid,
    ${entry.adherentId}::uuid, ${JSON.stringify(entry.detail)}::jsonb, ${entry.request})`)
}

/** Many rows of one action, in one statement: the same chain. The journal is locked from here to the commit: write last. */
export function writeJournalRows(
  db: Db,
  user: Acteur | undefined,
  about: { action: string; objet: string; request: string; detail: Record<string, unknown> },
  rows: readonly { objetId: string; adherentId: string | null }[],
): Promise<void> {
  return writeJournalOf(
    db,
    user,
    about,
    sql`select r.objet_id, r.adherent_id, ${JSON.stringify(about.detail)}::jsonb as detail, r.rang
      from unnest(${rows.map((r) => r.objetId)}::uuid[], ${rows.map((r) => r.adherentId)}::uuid[])
        with ordinality as r (objet_id, adherent_id, rang)`,
  )
}

/** The same, of rows that Postgres has: `rows` gives `objet_id, adherent_id, detail, rang`. */
export async function writeJournalOf(
  db: Db,
  user: Acteur | undefined,
  about: { action: string; objet: string; request: string },
  rows: Sql,
): Promise<void> {
  await db.run(sql`select app.journaliser_lot(${acteurOf(db, user)}, ${about.action}, ${about.objet},
      array_agg(r.objet_id order by r.rang), array_agg(r.adherent_id order by r.rang), array_agg(r.detail order by r.rang),
      ${about.request}) from (${rows}) r`)
}

export interface Rupture {
  numero: number
  motif: string
}

/** The first row of the journal that no longer follows from the rows before it, or undefined when the chain holds. */
export async function firstBrokenRow(acces: Acces, organismeId: string): Promise<Rupture | undefined> {
  return acces.maybe<Rupture>(sql`select numero, motif from app.journal_premiere_rupture(${organismeId})`)
}
