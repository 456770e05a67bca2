import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type pg from 'pg'
import { migrations } from '../migrations/index.ts'
import { ConfigError, loadConfig } from '../src/kernel/config.ts'
import { openStorage } from '../src/kernel/files/storage.ts'
import { alone, createDatabaseOnce, migrate } from '../src/kernel/migrate.ts'
import { failToStart } from '../src/lifecycle.ts'
import { openServices } from '../src/start.ts'
import { loadDemoWorld } from './demo.ts'
import { linkedFiles } from './world/files.ts'
import { loadWorld } from './world/load.ts'

const USAGE = `npm run world -- [--adherents 50000] [--cabinets 2000] [--courriers 1000000]\n  [--organismes 20] [--seed 1] [--database name] [--no-files]

Loads a large world, the same for the same seed and day, beside the demo world: into the database of DATABASE_OWNER_URL,
or into the embedded one under DATA_DIR. With --database, into another database of that server, made when absent.
--no-files leaves the bytes of the papers out: pages are the same, downloads are not.
`

/** The command: sizes as options, the database of the environment. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      adherents: { type: 'string', default: '50000' },
      cabinets: { type: 'string', default: '2000' },
      courriers: { type: 'string', default: '1000000' },
      organismes: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      database: { type: 'string' },
      'no-files': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return void process.stdout.write(USAGE)
  const config = loadConfig()
  if (config.production) throw new ConfigError('NODE_ENV: a large world is for measuring, not for production')
  if (!config.demo && !config.databaseOwnerUrl)
    throw new ConfigError('DATABASE_OWNER_URL: needed to load a world')
  const files =
    values['no-files'] || !config.storageUrl.startsWith('file:///')
      ? undefined
      : fileURLToPath(config.storageUrl)
  const opened = await openServices({ ...config, logLevel: 'warn' })
  try {
    const ownerUrl = await onDatabase(opened.ownerUrl!, opened.appUrl, values.database)
    await alone(ownerUrl, async (client) => {
      const today = new Date()
      await loadDemoWorld(client, { today, storage: await openStorage(config.storageUrl) })
      const start = performance.now()
      await loadWorld(client, {
        adherents: size('adherents', values.adherents, 1, 200_000),
        cabinets: size('cabinets', values.cabinets, 0, 20_000),
        courriers: size('courriers', values.courriers, 0, 5_000_000),
        organismes: size('organismes', values.organismes, 1, 99),
        seed: size('seed', values.seed, 0, 4_294_967_295),
        today,
        checked: !(await isSuperuser(client)),
        ...(files && { files: await linkedFiles(files) }),
      })
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      process.stdout.write(`${await summary(client)}\nLoaded in ${seconds} s.\n`)
    })
  } finally {
    await opened.close()
  }
}

function size(name: string, text: string, least: number, most: number): number {
  const n = Number(text)
  if (!Number.isInteger(n) || n < least || n > most) {
    throw new ConfigError(`--${name}: a whole number from ${least} to ${most}`)
  }
  return n
}

async function onDatabase(ownerUrl: string, appUrl: string, name: string | undefined): Promise<string> {
  if (name === undefined) return ownerUrl
  const [owner, app] = [new URL(ownerUrl), new URL(appUrl)]
  await createDatabaseOnce(ownerUrl, name)
  owner.pathname = app.pathname = `/${name}`
  await migrate(owner.href, app.href, migrations)
  return owner.href
}

async function isSuperuser(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  )
  return rows[0]!.rolsuper
}

async function summary(client: pg.ClientBase): Promise<string> {
  const tables = [
    'adherents',
    'structures',
    'utilisateurs',
    'clotures',
    'documents',
    'fichiers',
    'transferts',
    'courriers',
    'reponses',
  ]
  const { rows } = await client.query<{ name: string; n: string }>(
    tables.map((name) => `select '${name}' as name, count(*) as n from ${name}`).join(' union all '),
  )
  return rows.map(({ name, n }) => `${n.padStart(9)} ${name}`).join('\n')
}

main().catch(failToStart)
