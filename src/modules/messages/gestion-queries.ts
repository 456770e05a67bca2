import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

export async function closeFil(db: Db, id: string, by: string): Promise<void> {
  await db.run(sql`update fils set clos_le = now(), clos_par = ${by} where id = ${id} and clos_le is null`)
}
