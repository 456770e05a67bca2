import type pg from 'pg'
import type { Logger } from 'pino'

export interface JobGuard {
  /** From now on this process stands behind the jobs taken under that name. */
  hold(name: string): Promise<void>
  stop(): Promise<void>
}

const EVERY_MS = 10_000
const FREED = 'jobs of a worker that has died are free again'

/**
 * Gives back the jobs of a worker that was killed; by itself the queue would wait four hours. A process that runs jobs
 * holds a lock of Postgres under the name that it writes on the jobs it takes; the lock ends with its connection. Where
 * the lock is free, nobody is left. What this process has locked and does not run (`running`: ids of jobs) is given back
 * too. A live worker that lost its connection may so see a job done twice, which jobs allow.
 */
export function guardJobs(pool: pg.Pool, log: Logger, running: ReadonlySet<string> = new Set()): JobGuard {
  let name = ''
  let client: pg.PoolClient | undefined
  let turn = Promise.resolve()

  const letGo = () => {
    const old = client
    client = undefined
    old?.removeListener('error', letGo)
    old?.release(true)
  }

  const check = async () => {
    if (!client) {
      client = await pool.connect()
      client.on('error', letGo)
      await client.query(`select pg_advisory_lock(${keyOf('$1')})`, [name])
    }
    const { rows } = await client.query<{ name: string }>(
      'select distinct locked_by as name from graphile_worker.jobs where locked_by is not null and locked_by <> $1',
      [name],
    )
    for (const other of rows) await freeIfDead(client, other.name)
    await freeLost(client)
  }

  /** Our own jobs that nobody runs: the database went away when their end was to be written, and they stay locked. */
  const freeLost = async (own: pg.PoolClient) => {
    const { rows } = await own.query<{ id: string }>(
      `select id from graphile_worker.jobs where locked_by = $1 and locked_at < now() - interval '15 seconds'`,
      [name],
    )
    const lost = rows.map((row) => String(row.id)).filter((id) => !running.has(id))
    if (lost.length === 0) return
    await own.query(
      `update graphile_worker._private_jobs set locked_at = null, locked_by = null
        where id = any($1::bigint[]) and locked_by = $2`,
      [lost, name],
    )
    log.warn({ jobs: lost.length }, 'jobs whose end could not be written are free again')
  }

  const freeIfDead = async (own: pg.PoolClient, other: string) => {
    const { rows } = await own.query<{ dead: boolean }>(
      `select pg_try_advisory_lock(${keyOf('$1')}) as dead`,
      [other],
    )
    if (!rows[0]?.dead) return
    await own.query('select graphile_worker.force_unlock_workers(array[$1])', [other])
    await own.query(`select pg_advisory_unlock(${keyOf('$1')})`, [other])
    log.warn({ worker: other }, FREED)
  }

  const tick = () =>
    (turn = turn.then(check).catch((error: unknown) => {
      letGo()
      log.warn({ err: error }, 'the jobs of other workers could not be looked at')
    }))
  const timer = setInterval(() => void tick(), EVERY_MS).unref()

  return {
    async hold(newName) {
      letGo()
      name = newName
      await tick()
    },
    async stop() {
      clearInterval(timer)
      await turn
      letGo()
    },
  }
}

function keyOf(parameter: string): string {
  return `hashtextextended('parvis-jobs:' || ${parameter}, 0)`
}
