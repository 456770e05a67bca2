import { type Runner, type TaskList, run } from 'graphile-worker'
import pg from 'pg'
import type { Context, Db } from './db.ts'
import type { JobHandler, Module } from './page.ts'
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

/** A job that runs by the clock, for the whole platform; five cron fields, UTC. */
export interface PlatformTask {
  cron: string
  run(services: Services): Promise<void>
}

/**
 * Runs the queue beside the web process or alone. Jobs see the database as `systeme` of their own organisme.
 * @param ownerUrl the queue's tables belong to the owner.
 */
export async function startJobs(
  services: Services,
  modules: readonly Module[],
  kernelJobs: Record<string, JobHandler>,
  platformTasks: Record<string, PlatformTask>,
  ownerUrl: string,
): Promise<Runner> {
  const { log } = services
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 6 })
  const onError = (error: Error) => log.warn({ err: error }, 'queue connection lost')
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))

  const taskList: TaskList = {}
  for (const jobs of [kernelJobs, ...modules.map((m) => m.jobs ?? {})]) {
    for (const [name, handler] of Object.entries(jobs)) taskList[name] = asTask(services, handler)
  }
  for (const [name, task] of Object.entries(platformTasks)) taskList[name] = () => task.run(services)

  const runner = await run({
    pgPool: pool,
    taskList,
    concurrency: 4,
    noHandleSignals: true,
    pollInterval: 2000,
    crontab: Object.entries(platformTasks)
      .map(([name, task]) => `${task.cron} ${name}`)
      .join('\n'),
    logger: queueLogger(services),
  })
  runner.promise.finally(() => void pool.end()).catch(onError)
  return runner
}

function asTask(services: Services, handler: JobHandler) {
  return async (raw: unknown, helpers: { job: { attempts: number; max_attempts: number } }) => {
    const { organisme_id: organismeId, ...payload } = raw as { organisme_id: string } & Record<string, unknown>
    const context: Context = { organismeId, role: 'systeme' }
    const host = await services.database.acces.maybe<{ hote: string | null }>(
      sql`select app.hote_principal(${organismeId}) as hote`,
    )
    await handler(payload, {
      services,
      organisme: { id: organismeId, hote: host?.hote ?? services.config.baseUrl.hostname },
      lastAttempt: helpers.job.attempts >= helpers.job.max_attempts,
      transaction: (work) => services.database.inOrganisme(context, work),
    })
  }
}

function queueLogger(services: Services) {
  // graphile-worker's own lines repeat payloads; ours say the name only.
  const { log } = services
  return {
    error: (message: string) => log.error({ queue: true }, message.slice(0, 500)),
    warn: (message: string) => log.warn({ queue: true }, message.slice(0, 500)),
    info: () => undefined,
    debug: () => undefined,
    scope: () => queueLogger(services),
  } as never
}
