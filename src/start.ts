import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrations } from '../migrations/index.ts'
import { loadDemoWorld } from '../seeds/demo.ts'
import { assetUrl } from './kernel/assets.ts'
import { systemClock, type Clock } from './kernel/clock.ts'
import type { Config } from './kernel/config.ts'
import { openDatabase } from './kernel/db.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './kernel/embedded-postgres.ts'
import { type Storage, openStorage } from './kernel/files/storage.ts'
import { createLog } from './kernel/log.ts'
import { createDatabaseOnce, migrate, refuseUnsafeRole } from './kernel/migrate.ts'
import type { Services } from './kernel/services.ts'
import { createViews } from './kernel/views.ts'

export interface Opened {
  services: Services
  /** URL of the owner, when this process has it: migrations and the queue need it. */
  ownerUrl: string | undefined
  embedded: EmbeddedPostgres | undefined
  close(): Promise<void>
}

/** Folder of the templates: beside the sources, and copied beside a build. */
export const VIEWS_DIR = fileURLToPath(new URL('../views', import.meta.url))

/**
 * Opens what the process leans on: database (embedded when none is given), migrations, storage, views.
 * @throws ConfigError or EmbeddedPostgresError with a sentence for whoever operates the server.
 */
export async function openServices(config: Config, clock: Clock = systemClock): Promise<Opened> {
  const log = createLog(config.logLevel)
  await mkdir(config.dataDir, { recursive: true })
  const embedded = config.demo ? await startEmbeddedPostgres({ dataDir: resolve(config.dataDir, 'postgres') }) : undefined
  const ownerUrl = embedded ? await demoDatabase(embedded) : config.databaseOwnerUrl
  const appUrl = config.databaseUrl ?? restricted(ownerUrl!)
  if (ownerUrl) await migrate(ownerUrl, appUrl, migrations)
  const storage = await openStorage(config.storageUrl)
  if (embedded) await loadDemo(ownerUrl!, storage, clock)
  const database = openDatabase({
    url: appUrl,
    max: config.databasePool,
    prepare: config.prepare,
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  })
  await refuseUnsafeRole(database.pool)
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
    embedded,
    async close() {
      await database.close()
      await embedded?.stop()
    },
  }
}

const DEMO_DATABASE = 'parvis'

async function demoDatabase(embedded: EmbeddedPostgres): Promise<string> {
  await createDatabaseOnce(embedded.ownerUrl('postgres'), DEMO_DATABASE)
  return embedded.ownerUrl(DEMO_DATABASE)
}

/** The demo world, once: a second start keeps what people did in it. */
async function loadDemo(ownerUrl: string, storage: Storage, clock: Clock): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await loadDemoWorld(client, { today: clock(), storage })
  } finally {
    await client.end()
  }
}

/** The demo's restricted role: its server listens on this machine only. */
function restricted(ownerUrl: string): string {
  const url = new URL(ownerUrl)
  url.username = 'parvis_app'
  url.password = 'parvis-demo'
  return url.href
}
