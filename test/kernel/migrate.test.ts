import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { ConfigError } from '../../src/kernel/config.ts'
import { alone, migrate, refuseUnsafeRole, waitForSchema } from '../../src/kernel/migrate.ts'
import { type TestDatabase, createTestDatabase } from '../support/database.ts'

let db: TestDatabase

beforeAll(async () => {
  db = await createTestDatabase()
})

describe('migrations', () => {
  test('a start that was killed while it migrated does not keep the next one from it', async () => {
    await db.owner.query('update knex_migrations_lock set is_locked = 1')
    await alone(db.ownerUrl, () => migrate(db.ownerUrl, db.appUrl, migrations))
    const { rows } = await db.owner.query('select is_locked from knex_migrations_lock')
    expect(rows).toEqual([{ is_locked: 0 }])
  })

  test('only one process at a time', async () => {
    const order: string[] = []
    const work = (name: string) => () =>
      new Promise<void>((resolve) => {
        order.push(`${name} begins`)
        setTimeout(() => {
          order.push(`${name} ends`)
          resolve()
        }, 200)
      })
    await Promise.all([alone(db.ownerUrl, work('a')), alone(db.ownerUrl, work('b'))])
    const [first] = order[0]!.split(' ')
    expect(order.slice(0, 2)).toEqual([`${first} begins`, `${first} ends`])
  })

  test('a process without the owner’s rights waits for the level of its code, and says what is missing', async () => {
    await waitForSchema(db.database.pool, migrations)
    const later = [...migrations, ['9999_demain', {}] as [string, unknown]]
    await expect(waitForSchema(db.database.pool, later, 0)).rejects.toThrow(ConfigError)
    await expect(waitForSchema(db.database.pool, later, 0)).rejects.toThrow('lacks 9999_demain')
    const waiting = waitForSchema(db.database.pool, later, 10_000)
    await db.owner.query(`insert into knex_migrations (name, batch) values ('9999_demain', 1)`)
    await waiting
  })

  test('the owner, a superuser, is refused for pages', async () => {
    const pool = new pg.Pool({ connectionString: db.ownerUrl, max: 1 })
    await expect(refuseUnsafeRole(pool)).rejects.toThrow(/the wall between organismes would not hold/)
    await pool.end()
    await refuseUnsafeRole(db.database.pool)
  })
})
