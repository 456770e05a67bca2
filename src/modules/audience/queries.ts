import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

/** The professions of the organisme's adhérents, in the order of the alphabet. */
export async function listProfessions(db: Db): Promise<string[]> {
  const rows = await db.many<{
    nom: string
  }>(sql`select distinct p as nom from adherents a, unnest(a.professions) as p
    where p <> '' order by 1 limit 300`)
  return rows.map(({ nom }) => nom).sort((a, b) => a.localeCompare(b, 'fr'))
}
