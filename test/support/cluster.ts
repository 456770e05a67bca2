import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrations } from '../../migrations/index.ts'
import { startEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { createDatabaseOnce, migrate } from '../../src/kernel/migrate.ts'
import { loadCast } from './world.ts'
import { appUrl } from './urls.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Server of this run: the owner's URL of its `postgres` database. */
    ownerUrl: string
    /** Folder with the bytes of the demo's files. */
    filesDir: string
  }
}

/** One throw-away Postgres a run; a migrated template with the cast, which each test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'parvis-test-'))
  await chmod(folder, 0o711) // under root, the server runs as an account that must enter it
  const cluster = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false })
  const ownerUrl = cluster.ownerUrl('postgres')
  await createDatabaseOnce(ownerUrl, 'modele')
  const template = cluster.ownerUrl('modele')
  await migrate(template, appUrl(template), migrations)
  const filesDir = join(folder, 'fichiers')
  await loadCast(template, filesDir)
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(`alter database modele with is_template true allow_connections false`)
  await client.end()
  project.provide('ownerUrl', ownerUrl)
  project.provide('filesDir', filesDir)
  return async () => {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
