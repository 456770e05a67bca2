import type pg from 'pg'

/** One text for the content of every table of the trade, the journal apart: it may only grow. */
export async function everything(owner: Pick<pg.Client, 'query'>): Promise<string> {
  const { rows: tables } = await owner.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
       and relname not in ('journal') and relname not like 'knex%' order by 1`,
  )
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await owner.query<{ h: string }>(
        `select coalesce(md5(string_agg(t::text, '' order by t::text)), '') as h from public.${name} t`,
      )
      return `${name}:${rows[0]!.h}`
    }),
  )
  return parts.join('\n')
}
