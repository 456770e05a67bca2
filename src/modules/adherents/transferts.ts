import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import { COLUMNS, type TransfersQuestion, beyond } from '../transferts/queries.ts'
import type { Transfert } from '../transferts/transfert.ts'

/** What one adhérent has sent, newest first; oldest first when what stands before a cursor is asked. */
export function listTransfertsDe(
  db: Db,
  adherentId: string,
  { apres, avant, limit }: TransfersQuestion,
): Promise<Transfert[]> {
  const place =
    apres !== undefined ? beyond(apres, 'after') : avant !== undefined ? beyond(avant, 'before') : sql`true`
  const order = avant === undefined ? sql`t.annee desc, t.numero desc` : sql`t.annee, t.numero`
  return db.many<Transfert>(sql`select ${COLUMNS} from transferts t
    where t.adherent_id = ${adherentId} and ${place} order by ${order} limit ${limit}`)
}
