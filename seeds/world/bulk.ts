import type { ClientBase } from 'pg'

export type Row = Record<string, unknown>

/** Rows in one statement: below this the round trips cost, above it the memory. */
const AT_ONCE = 2_000

/** Writes rows of tables, each in the order in which it was given; the next ones are made while Postgres writes. */
export interface Bulk {
  /** All rows of a call have the same columns, those of the first. */
  insert(table: string, rows: readonly Row[]): Promise<void>
  /** Resolves when everything is written. */
  flush(): Promise<void>
}

export function bulk(client: ClientBase): Bulk {
  let last: Promise<unknown> = Promise.resolve()
  const send = async (table: string, rows: readonly Row[]) => {
    const columns = Object.keys(rows[0]!).join(', ')
    await last
    last = client.query({
      name: `world ${table}`,
      text: `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
      values: [JSON.stringify(rows)],
    })
    last.catch(() => undefined) // whoever comes next, or flush, meets it
  }
  return {
    async insert(table, rows) {
      for (let i = 0; i < rows.length; i += AT_ONCE) await send(table, rows.slice(i, i + AT_ONCE))
    },
    async flush() {
      await last
    },
  }
}
