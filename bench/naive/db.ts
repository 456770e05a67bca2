import type pg from 'pg'
import type { Context } from '../../src/kernel/db.ts'
import type { Utilisateur } from '../../src/kernel/page.ts'
import { type Sql, toQuery } from '../../src/kernel/sql.ts'

/** One query after the other on one connection, planned anew each time: what the handlers see as their `db`. */
export function plainDb(client: pg.PoolClient, context: Context) {
  let last: Promise<unknown> = Promise.resolve()
  const rows = (query: Sql): Promise<unknown[]> => {
    const next = last.then(async () => (await client.query(toQuery(query, false))).rows as unknown[])
    last = next.catch(() => undefined)
    return next
  }
  return {
    context,
    many: rows,
    maybe: async (query: Sql) => (await rows(query))[0],
    async one(query: Sql) {
      const [row] = await rows(query)
      if (row === undefined) throw new Error('no row')
      return row
    },
    run: async (query: Sql) => (await rows(query)).length,
    roundTrips: () => 0,
  }
}

export async function setContext(
  client: pg.PoolClient,
  organismeId: string,
  user: Utilisateur,
): Promise<void> {
  await client.query(
    `select set_config('app.organisme_id', $1, true), set_config('app.role', $2, true),
       set_config('app.utilisateur_id', $3, true), set_config('app.adherent_id', $4, true),
       set_config('app.structure_id', $5, true)`,
    [organismeId, user.role, user.id, user.adherentId ?? '', user.structureId ?? ''],
  )
}

/** The table of the session store, as its package makes it; and whose session it holds. */
export const SESSION_TABLE = `
  create table if not exists session_naive (
    sid varchar not null primary key, sess json not null, expire timestamp(6) not null);
  create index if not exists session_naive_expire on session_naive (expire);
  grant select, insert, update, delete on session_naive to parvis_web;
`
