import { beforeAll, describe, expect, test } from 'vitest'
import type { Sql } from '../../src/kernel/sql.ts'
import { sql } from '../../src/kernel/sql.ts'
import { type TestDatabase, contextOf, createTestDatabase } from '../support/database.ts'

let db: TestDatabase
let tables: string[]

beforeAll(async () => {
  db = await createTestDatabase()
  tables = (
    await rows<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and relname not like 'knex%' order by 1`,
    )
  ).map((row) => row.name)
})

async function rows<Row>(text: string): Promise<Row[]> {
  return (await db.owner.query(text)).rows as Row[]
}

describe('every table of the trade is born inside its organisme', () => {
  test('there are tables, and each has organisme_id, never null, from the context', async () => {
    const found = await rows<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisme_id'
         and a.attnotnull join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
         and pg_get_expr(d.adbin, d.adrelid) = 'app.organisme_id()'
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
    )
    expect(tables.length).toBeGreaterThan(10)
    expect(found.map((row) => row.name)).toEqual(tables)
  })

  test('each has row-level security and the restrictive policy of the organisme, for reading and for writing', async () => {
    const found = await rows<{ name: string }>(
      `select c.relname as name from pg_class c join pg_policy p on p.polrelid = c.oid
       where c.relnamespace = 'public'::regnamespace and c.relrowsecurity and not p.polpermissive and p.polcmd = '*'
         and pg_get_expr(p.polqual, c.oid) like '%organisme_id = ( SELECT app.organisme_id()%'
         and pg_get_expr(p.polwithcheck, c.oid) like '%organisme_id = ( SELECT app.organisme_id()%' order by 1`,
    )
    expect(found.map((row) => row.name)).toEqual(tables)
  })

  test('every key, unique index and foreign key within the trade carries organisme_id', async () => {
    const loose = await rows(
      `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
       where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname not like 'knex%'
         and (select attname from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0]) <> 'organisme_id'
       union all
       select f.conname::text from pg_constraint f
       where f.contype = 'f' and f.confrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
         and not exists (select from pg_attribute a where a.attrelid = f.conrelid and a.attnum = any(f.conkey)
           and a.attname = 'organisme_id')`,
    )
    expect(loose).toEqual([])
  })

  test('views run with the rights of who asks, and definer functions with a fixed search path', async () => {
    const loose = await rows(
      `select c.relname::text as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'm'
       union all
       select c.relname::text from pg_class c where c.relkind = 'v'
         and c.relnamespace in ('public'::regnamespace, 'app'::regnamespace, 'acces'::regnamespace)
         and not coalesce(c.reloptions::text, '') like '%security_invoker=true%'
       union all
       select p.proname::text from pg_proc p
         where p.pronamespace in ('app'::regnamespace, 'public'::regnamespace) and p.prosecdef
           and not coalesce(p.proconfig::text, '') like '%search_path%pg_temp%'`,
    )
    expect(loose).toEqual([])
  })
})

describe('the role of the web process is held by the walls', () => {
  test('it is not superuser, bypasses nothing, owns nothing', async () => {
    const found = await rows(
      `select rolname from pg_roles r where rolname in ('parvis_app', 'parvis_web') and (rolsuper or rolbypassrls
         or rolcreaterole or exists (select from pg_class c where c.relowner = r.oid))`,
    )
    expect(found).toEqual([])
  })

  test('without a context no table gives a row', async () => {
    for (const table of tables) {
      const [row] = await db.database.acces.many<{ n: number }>(counting(table))
      expect([table, row?.n]).toEqual([table, 0])
    }
  })

  test('a permanent of one organisme sees no row of another, in any table', async () => {
    const agent = await db.person('midi', 'agent@midi.example')
    for (const table of tables) {
      const [here] = await rows<{ n: number }>(
        `select count(*)::int as n from ${table} where organisme_id = '${agent.organismeId}'`,
      )
      const n = await db.database.inOrganisme(
        contextOf(agent),
        async (d) => (await d.many<{ n: number }>(counting(table)))[0]!.n,
      )
      expect(n, table).toBeLessThanOrEqual(here!.n)
    }
  })

  test('a permanent cannot write a row into another organisme', async () => {
    const agent = await db.person('midi', 'agent@midi.example')
    const estuaire = (await db.person('estuaire', 'agent@estuaire.example')).organismeId
    const write = db.database.inOrganisme(contextOf(agent), (d) =>
      d.run(sql`insert into adherents (organisme_id, numero, denomination, adhesion_le)
        values (${estuaire}, '9999', 'INTRUS', '2026-01-01')`),
    )
    await expect(write).rejects.toThrow(/row-level security/)
  })

  test('the journal only grows: the web process can neither change nor remove a row, nor write past its function', async () => {
    for (const statement of [
      sql`update journal set acteur = 'x'`,
      sql`delete from journal`,
      sql`insert into journal (numero, le, acteur, role, action, objet, detail, requete, empreinte)
        values (1, now(), 'x', 'x', 'x', 'x', '{}', 'x', 'x')`,
    ]) {
      const attempt = db.as('estuaire', 'admin@estuaire.example', (d) => d.run(statement))
      await expect(attempt).rejects.toThrow(/permission denied/)
    }
  })
})

function counting(table: string): Sql {
  // The name comes from the catalogue; the tag would make a value of it.
  return sql(Object.assign([`select count(*)::int as n from ${table}`], { raw: [''] }))
}
