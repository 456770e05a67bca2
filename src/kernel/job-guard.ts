import type pg from 'pg'
import type { Logger } from 'pino'

export interface JobGuard {
  /** From now on this process stands behind the jobs taken under that name. */
  hold(name: string): Promise<void>
  stop(): Promise<void>
}

const EVERY_MS = 30_000
const FREED = 'jobs of a worker that has died are free again'

/**
 * Gives back the jobs of a worker that was killed; by itself the queue would wait four hours. A process that runs jobs
 * holds a lock of Postgres under the name that it writes on the jobs it takes; the lock ends with its connection. Where
 * the lock is free, nobody is left. A live worker that lost its connection may so see a job done twice, which jobs allow.
 */
export function guardJobs(pool: pg.Pool, log: Logger): JobGuard {
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
