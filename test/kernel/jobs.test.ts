import { randomUUID } from 'node:crypto'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../src/kernel/db.ts'
import { guardJobs } from '../../src/kernel/job-guard.ts'
import { type Jobs, queueJob, startJobs } from '../../src/kernel/jobs.ts'
import { platformTasks } from '../../src/kernel/kernel-jobs.ts'
import type { JobHandler } from '../../src/kernel/page.ts'
import { sql } from '../../src/kernel/sql.ts'
import { type Portal, startPortal } from '../support/portal.ts'

let portal: Portal
const started: Jobs[] = []

beforeAll(async () => {
  portal = await startPortal()
})
afterEach(async () => {
  await Promise.all(started.splice(0).map((jobs) => jobs.stop()))
})

async function start(handlers: Record<string, JobHandler>): Promise<void> {
  started.push(await startJobs(portal.services, [], handlers, {}, portal.ownerUrl))
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await holds()) return
    await sleep(40)
  }
  throw new Error('not within twelve seconds')
}

const queue = (name: string, payload: Record<string, unknown> = {}, options = {}) =>
  portal.as('midi', 'agent@midi.example', (db) => queueJob(db, name, payload, options))

async function waiting(name: string) {
  const { rows } = await portal.owner.query<{ attempts: number; locked_by: string | null }>(
    'select attempts, locked_by from graphile_worker.jobs where task_identifier = $1',
    [name],
  )
  return rows
}

describe('jobs', () => {
  test('a job works as the system of the organisme that asked for it, and sees no other', async () => {
    const seen: unknown[] = []
    await start({
      'essai.voir': async (payload, ctx) => {
        const [rows, setting] = await ctx.transaction((db) =>
          Promise.all([
            db.many<{ numero: string; denomination: string }>(
              sql`select denomination from adherents where numero = '657'`,
            ),
            db.one<{ role: string }>(sql`select app.role() as role`),
          ]),
        )
        seen.push({ payload, rows, role: setting.role, hote: ctx.organisme.hote })
      },
    })
    await queue('essai.voir', { n: 1, organisme_id: randomUUID() })
    await until(() => seen.length > 0)
    expect(seen).toEqual([
      {
        payload: { n: 1 },
        rows: [{ denomination: 'SABRAN-TOURVES Marius' }],
        role: 'systeme',
        hote: 'midi.localhost',
      },
    ])
  })

  test('work asked for by an act that fails is never done, and one key is one job', async () => {
    const act = portal.as('midi', 'agent@midi.example', async (db) => {
      await queueJob(db, 'essai.jamais', {})
      throw new Error('the act fails')
    })
    await expect(act).rejects.toThrow('the act fails')
    expect(await waiting('essai.jamais')).toEqual([])
    await queue('essai.une-fois', {}, { key: 'k' })
    await queue('essai.une-fois', {}, { key: 'k' })
    expect(await waiting('essai.une-fois')).toHaveLength(1)
  })

  test('a poisoned job is tried again and then parked; the others go on; the log has its name and not its payload', async () => {
    const done: unknown[] = []
    const last: boolean[] = []
    await start({
      'essai.poison': async (_payload, ctx) => {
        last.push(ctx.lastAttempt)
        throw new Error('poison')
      },
      'essai.bon': async ({ n }) => void done.push(n),
    })
    await queue('essai.poison', { secret: 'canari-charge' }, { maxAttempts: 2 })
    for (let n = 0; n < 5; n++) await queue('essai.bon', { n })
    await until(() => done.length === 5 && last.length === 1)
    await until(async () => (await waiting('essai.poison'))[0]?.locked_by === null)
    await portal.owner.query('update graphile_worker._private_jobs set run_at = now()')
    await until(() => last.length === 2)
    expect(last).toEqual([false, true])
    await until(async () => (await waiting('essai.poison'))[0]?.locked_by === null)
    await portal.owner.query('update graphile_worker._private_jobs set run_at = now()')
    await sleep(2_500)
    expect(last).toHaveLength(2)
    const lines = portal.logLines.filter((line) => line.includes('essai.poison'))
    expect(lines.length).toBeGreaterThan(0)
    expect(portal.logLines.join('\n')).not.toContain('canari-charge')
  })

  test('jobs of a live worker are left to it; those of a dead one are done by the next', async () => {
    const done: unknown[] = []
    const pool = new pg.Pool({ connectionString: portal.ownerUrl, max: 2 })
    const alive = guardJobs(pool, portal.services.log)
    await alive.hold('pool-alive')
    for (const who of ['alive', 'dead']) {
      await queue('essai.pris', { who })
      await portal.owner.query(
        `update graphile_worker._private_jobs set locked_by = $1, locked_at = now()
         where payload->>'who' = $2`,
        [`pool-${who}`, who],
      )
    }
    await start({ 'essai.pris': async ({ who }) => void done.push(who) })
    await until(() => done.length > 0)
    await sleep(300)
    expect(done).toEqual(['dead'])
    await alive.stop()
    await pool.end()
    await start({ 'essai.pris': async ({ who }) => void done.push(who) })
    await until(() => done.length === 2)
    expect(done).toEqual(['dead', 'alive'])
  })

  test('a long statement of a job has a minute, that of a page five seconds', async () => {
    const ask = (database: Database) =>
      database.acces.maybe(sql`select current_setting('statement_timeout') as t`)
    expect(await ask(portal.database)).toEqual({ t: '5s' })
    const long = openDatabase({ url: portal.appUrl, max: 1, statementTimeout: 60_000 })
    expect(await ask(long)).toEqual({ t: '1min' })
    await long.close()
  })
})

describe('jobs: the housekeeping by the clock', () => {
  test('every task runs on the database as it is', async () => {
    await portal.visitor().get('/connexion')
    for (const task of Object.values(platformTasks)) await task.run(portal.services)
  })

  test('ended sessions, old tokens, used challenges and stale files under way go; what lives stays', async () => {
    await portal.login('estuaire', '657')
    const { id, organismeId } = await portal.person('midi', '657')
    await portal.owner.query(
      `insert into acces.sessions (empreinte, organisme_id, utilisateur_id, donnees, expire_le, fin_le) values
         ('\\x01', $1, $2, '{}', now() - interval '13 hours', now() + interval '1 hour'),
         ('\\x02', $1, $2, '{}', now() + interval '1 hour', now() - interval '13 hours'),
         ('\\x03', $1, null, '{}', now() - interval '1 minute', now() + interval '1 hour'),
         ('\\x04', $1, $2, '{}', now() - interval '1 minute', now() + interval '1 hour')`,
      [organismeId, id],
    )
    await portal.owner.query(
      `insert into acces.jetons (empreinte, organisme_id, utilisateur_id, usage, version, expire_le) values
         ('\\x01', $1, $2, 'activation', 1, now() - interval '31 days'),
         ('\\x02', $1, $2, 'activation', 1, now() - interval '1 day')`,
      [organismeId, id],
    )
    const temp = join(portal.services.config.dataDir, 'temp')
    await mkdir(temp, { recursive: true })
    for (const [name, hours] of [
      ['old', 25],
      ['young', 1],
    ] as const) {
      await writeFile(join(temp, name), 'x')
      const when = new Date(Date.now() - hours * 3_600_000)
      await utimes(join(temp, name), when, when)
    }
    for (const task of Object.values(platformTasks)) await task.run(portal.services)
    const count = async (table: string) =>
      Number((await portal.owner.query<{ n: string }>(`select count(*) as n from ${table}`)).rows[0]!.n)
    const { rows } = await portal.owner.query(
      `select encode(empreinte, 'hex') as id from acces.sessions where expire_le < now() or fin_le < now()`,
    )
    // What a page shown under it still sends is kept for its author: half a day (reprises/ended.ts).
    expect(rows).toEqual([{ id: '04' }])
    expect(await count('acces.sessions')).toBeGreaterThan(0)
    expect(await count('acces.jetons')).toBe(1)
    expect(await readdir(temp)).toEqual(['young'])
  })
})
