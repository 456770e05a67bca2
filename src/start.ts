import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrations } from '../migrations/index.ts'
import { assetUrl } from './kernel/assets.ts'
import { systemClock, type Clock } from './kernel/clock.ts'
import { type Config, ConfigError } from './kernel/config.ts'
import { openDatabase } from './kernel/db.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './kernel/embedded-postgres.ts'
import { type Storage, openStorage } from './kernel/files/storage.ts'
import { sweepTempFiles } from './kernel/files/temp.ts'
import { createLog } from './kernel/log.ts'
import { alone, createDatabaseOnce, migrate, refuseUnsafeRole, waitForSchema } from './kernel/migrate.ts'
import { closePdfPool } from './kernel/pdf/pool.ts'
import type { Services } from './kernel/services.ts'
import { createViews } from './kernel/views.ts'

export interface Opened {
  services: Services
  /** URL of the owner, when this process has it: migrations and the queue need it. */
  ownerUrl: string | undefined
  /** URL of the restricted role. */
  appUrl: string
  embedded: EmbeddedPostgres | undefined
  close(): Promise<void>
}

/** Folder of the templates: beside the sources, and copied beside a build. */
export const VIEWS_DIR = fileURLToPath(new URL('../views', import.meta.url))

const DAY_MS = 24 * 3_600_000

/**
 * Opens what the process leans on: database (embedded, with the demo world, when none is given), migrations, storage,
 * views. Without DATABASE_OWNER_URL it waits for another process to bring the database to this level.
 * @throws ConfigError, EmbeddedPostgresError or StorageUnavailable with a sentence for whoever operates the server.
 */
export async function openServices(config: Config, clock: Clock = systemClock): Promise<Opened> {
  const log = createLog(config.logLevel)
  await makeDataDir(config.dataDir)
  const storage = await openStorage(config.storageUrl).catch((error: unknown) => {
    throw error instanceof TypeError ? new ConfigError(`STORAGE_URL: ${error.message}`) : error
  })
  const embedded = config.demo
    ? await startEmbeddedPostgres({ dataDir: resolve(config.dataDir, 'postgres') })
    : undefined
  try {
    const ownerUrl = embedded ? await demoDatabase(embedded) : config.databaseOwnerUrl
    const appUrl = config.databaseUrl ?? restricted(ownerUrl!)
    if (ownerUrl) await prepare(ownerUrl, appUrl, embedded ? { storage, today: clock() } : undefined)
    const database = openDatabase({
      url: appUrl,
      max: config.databasePool,
      prepare: config.prepare,
      onError: (error) => log.warn({ err: error }, 'database connection lost'),
    })
    if (!ownerUrl) await waitForSchema(database.pool, migrations)
    await refuseUnsafeRole(database.pool)
    await sweepTempFiles(join(config.dataDir, 'temp'), new Date(Date.now() - DAY_MS))
    const services: Services = {
      config,
      database,
      storage,
      views: createViews({ viewsDir: VIEWS_DIR, assetUrl }),
      log,
      clock,
    }
    return {
      services,
      ownerUrl,
      appUrl,
      embedded,
      async close() {
        await Promise.all([database.close(), closePdfPool()])
        await embedded?.stop()
      },
    }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

async function makeDataDir(folder: string): Promise<void> {
  try {
    // Not 0700 itself: as root, the embedded Postgres runs under another account and must reach its folder in it.
    await mkdir(folder, { recursive: true, mode: 0o755 })
    await mkdir(join(folder, 'temp'), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new ConfigError(`DATA_DIR: ${folder} cannot be used: ${(error as Error).message}`)
  }
}

/** Migrations, and in the demo its world, once: a second start keeps what people did in it. */
async function prepare(
  ownerUrl: string,
  appUrl: string,
  demo: { storage: Storage; today: Date } | undefined,
): Promise<void> {
  await alone(ownerUrl, async (client) => {
    await migrate(ownerUrl, appUrl, migrations)
    if (demo) {
      // Not imported above: it draws real papers, and a real portal need not hold what draws them in memory.
      const { loadDemoWorld } = await import('../seeds/demo.ts')
      await loadDemoWorld(client, demo)
    }
  })
}

const DEMO_DATABASE = 'parvis'

async function demoDatabase(embedded: EmbeddedPostgres): Promise<string> {
  await alone(embedded.ownerUrl('postgres'), () =>
    createDatabaseOnce(embedded.ownerUrl('postgres'), DEMO_DATABASE),
  )
  return embedded.ownerUrl(DEMO_DATABASE)
}

/** The demo's restricted role: its server listens on this machine only. */
function restricted(ownerUrl: string): string {
  const url = new URL(ownerUrl)
  url.username = 'parvis_app'
  url.password = 'parvis-demo'
  return url.href
}
