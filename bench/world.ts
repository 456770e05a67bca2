import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrations } from '../migrations/index.ts'
import { loadDemoWorld } from '../seeds/demo.ts'
import { loadWorld } from '../seeds/world/load.ts'
import { startEmbeddedPostgres } from '../src/kernel/embedded-postgres.ts'
import { openStorage } from '../src/kernel/files/storage.ts'
import { createDatabaseOnce, migrate } from '../src/kernel/migrate.ts'
import { SESSION_TABLE } from './naive/db.ts'

export interface BenchDatabase {
  adherents: number
  /** The restricted role: every server logs in with it. */
  appUrl: string
  /** Who migrates; the worker's queue is his. */
  ownerUrl: string
  owner: pg.Client
}

export interface BenchCluster {
  dataDir: string
  /** Folder of this run; gone with it. */
  folder: string
  storageUrl: string
  /** @param courriersEach letters of each adhérent, twenty unless told. */
  database(adherents: number, courriersEach?: number): Promise<BenchDatabase>
  stop(): Promise<void>
}

/** A throw-away Postgres on this machine, with one database for each size of the world. */
export async function startCluster(): Promise<BenchCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'parvis-bench-'))
  await chmod(folder, 0o711) // under root, the server runs as an account that must enter it
  const cluster = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false })
  const storageUrl = `file://${join(folder, 'fichiers')}`
  const clients: pg.Client[] = []
  const password = randomBytes(16).toString('hex')
  await quieten(cluster.ownerUrl('postgres'))
  return {
    dataDir: cluster.dataDir,
    folder,
    storageUrl,
    async database(adherents, courriersEach = 20) {
      const name = `monde_${adherents}`
      await createDatabaseOnce(cluster.ownerUrl('postgres'), name)
      const appUrl = new URL(cluster.ownerUrl(name))
      appUrl.username = 'parvis_app'
      appUrl.password = password
      await migrate(cluster.ownerUrl(name), appUrl.href, migrations)
      const owner = new pg.Client({ connectionString: cluster.ownerUrl(name) })
      clients.push(owner)
      await owner.connect()
      const today = new Date()
      await loadDemoWorld(owner, { today, storage: await openStorage(storageUrl) })
      await loadWorld(owner, {
        adherents,
        cabinets: Math.ceil(adherents / 25),
        courriers: adherents * courriersEach,
        organismes: adherents < 1_000 ? 2 : 20,
        seed: 1,
        today,
        checked: false,
      })
      await owner.query(SESSION_TABLE)
      return { adherents, appUrl: appUrl.href, ownerUrl: cluster.ownerUrl(name), owner }
    },
    async stop() {
      await Promise.all(clients.map((client) => client.end()))
      await cluster.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Nothing of the server's own begins in the middle of a measure. */
async function quieten(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query('alter system set autovacuum = off')
  await client.query(`alter system set checkpoint_timeout = '1h'`)
  await client.query('select pg_reload_conf()')
  await client.end()
}
