import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, type Runner, type TaskList, type WorkerPool, parseCronItems, run } from 'graphile-worker'
import pg from 'pg'
import type { Context, Db } from './db.ts'
import { guardJobs } from './job-guard.ts'
import type { JobHandler, Module, PlatformTask } from './page.ts'
import type { Services } from './services.ts'
import { sql } from './sql.ts'

export interface JobOptions {
  /** Two jobs of one key are one job. */
  key?: string
  runAt?: Date
  /** Default ten: then the job is parked, and shown to the operator. */
  maxAttempts?: number
}

/** Adds work for later in the transaction of the act: it exists if and only if the act does. */
export async function queueJob(
  db: Db,
  name: string,
  payload: Record<string, unknown>,
  options: JobOptions = {},
): Promise<void> {
  await db.run(sql`select app.ajouter_tache(${name}, ${JSON.stringify(payload)}::json,
    ${options.runAt?.toISOString() ?? null}::timestamptz, ${options.key ?? null}, ${options.maxAttempts ?? 10})`)
}

export interface Jobs {
  /** Takes no new job, lets the running ones end (those that last are given back after 5 s), lets go of the database. */
  stop(): Promise<void>
}

const RESTART_MS = 1_000

/**
 * Runs the queue beside the web process or alone, and again whenever it ends by itself: it does so when the database
 * goes away at the wrong moment. Jobs see the database as `systeme` of their own organisme.
 * @param ownerUrl the queue's tables belong to the owner.
 * @throws what Postgres said when the queue cannot be reached at the start.
 */
export async function startJobs(
  services: Services,
  modules: readonly Module[],
  kernelJobs: Record<string, JobHandler>,
  platformTasks: Record<string, PlatformTask>,
  ownerUrl: string,
): Promise<Jobs> {
  const { log } = services
  const running = new Set<string>()
  const taskList: TaskList = {}
  for (const jobs of [kernelJobs, ...modules.map((m) => m.jobs ?? {})]) {
    for (const [name, handler] of Object.entries(jobs)) taskList[name] = asTask(services, name, handler)
  }
  const tasks = Object.assign({}, platformTasks, ...modules.map((m) => m.tasks ?? {})) as typeof platformTasks
  for (const [name, task] of Object.entries(tasks)) {
    taskList[name] = () => reported(services, name, () => task.run(services))
  }
  for (const [name, task] of Object.entries(taskList)) {
    taskList[name] = async (payload, helpers) => {
      const id = String(helpers.job.id)
      running.add(id)
      try {
        await task?.(payload, helpers)
      } finally {
        running.delete(id)
      }
    }
  }
  const parsedCronItems = parseCronItems(
    Object.entries(tasks).map(([task, { cron }]) => ({ task, match: cron })),
  )

  const pool = new pg.Pool({ connectionString: ownerUrl, max: 8 })
  const onError = (error: Error) => log.warn({ err: error }, 'queue connection lost')
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  const guard = guardJobs(pool, log, running)

  const start = async (): Promise<Runner> => {
    const events = new EventEmitter()
    const named = new Promise<string>((resolve) => {
      events.once('pool:create', ({ workerPool }: { workerPool: WorkerPool }) => resolve(workerPool.id))
    })
    const runner = await run({
      pgPool: pool,
      taskList,
      parsedCronItems,
      concurrency: 4,
      noHandleSignals: true,
      pollInterval: 2000,
      events,
      logger: queueLogger(services),
    })
    runner.promise.catch(onError)
    await guard.hold(await named)
    return runner
  }

  let stopping = false
  let runner = await start()
  const watch = async () => {
    while (!stopping) {
      await runner.promise.catch(() => undefined)
      if (stopping) return
      log.error('the queue has stopped by itself: starting it again')
      await sleep(RESTART_MS)
      runner = await start().catch((error: unknown) => {
        onError(error as Error)
        return { ...runner, promise: Promise.resolve() }
      })
    }
  }
  const watching = watch()
  return {
    async stop() {
      stopping = true
      await runner.stop().catch(() => undefined)
      await watching
      await guard.stop()
      await pool.end()
    },
  }
}

interface Attempt {
  job: { id: string; attempts: number; max_attempts: number }
}

function asTask(services: Services, name: string, handler: JobHandler) {
  return async (raw: unknown, { job }: Attempt) => {
    const { organisme_id: organismeId, ...payload } = raw as { organisme_id: string } & Record<
      string,
      unknown
    >
    const context: Context = { organismeId, role: 'systeme' }
    await reported(
      services,
      name,
      async () => {
        const host = await services.database.acces.maybe<{ hote: string | null }>(
          sql`select app.hote_principal(${organismeId}) as hote`,
        )
        await handler(payload, {
          services,
          organisme: { id: organismeId, hote: host?.hote ?? services.config.baseUrl.hostname },
          lastAttempt: job.attempts >= job.max_attempts,
          transaction: (work) => services.database.inOrganisme(context, work),
        })
      },
      { essai: job.attempts, sur: job.max_attempts },
    )
  }
}

/** One line for a job that failed: its name, its number and where; never what it was given. */
async function reported(
  services: Services,
  name: string,
  work: () => Promise<void>,
  about: Record<string, unknown> = {},
): Promise<void> {
  try {
    await work()
  } catch (error) {
    services.log.warn({ tache: name, ...about, err: error }, 'job failed')
    throw error
  }
}

/** What graphile-worker says of itself. Its lines about a failed job repeat what `reported` said, with the payload. */
function queueLogger({ log }: Services): Logger {
  return new Logger(() => (level, message, meta) => {
    if (meta?.failure) return
    if ((level as string) === 'error') log.error({ file: true }, message.slice(0, 500))
    if ((level as string) === 'warning') log.warn({ file: true }, message.slice(0, 500))
  })
}
