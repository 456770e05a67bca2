import { setTimeout as sleep } from 'node:timers/promises'
import { runMigrations as migrateQueue } from 'graphile-worker'
import knexFactory, { type Knex } from 'knex'
import pg from 'pg'
import { ConfigError } from './config.ts'

export interface MigrationSource {
  name: string
  up(knex: Knex): Promise<void>
}

const quiet = { warn() {}, error() {}, deprecate() {}, debug() {} }

/**
 * Brings a database to the level of this code, as its owner: queue schema, then our migrations in order,
 * then the log-in role of the web process (made when missing, so that one command sets up a new server).
 * @param appUrl URL with which the web process will log in; its user and password become the restricted role.
 */
export async function migrate(
  ownerUrl: string,
  appUrl: string,
  migrations: readonly [string, { up(knex: Knex): Promise<void> }][],
): Promise<void> {
  await migrateQueue({ connectionString: ownerUrl, logger: undefined as never })
  const knex = knexFactory({
    client: 'pg',
    connection: ownerUrl,
    pool: { min: 0, max: 1 },
    log: quiet,
    migrations: {
      migrationSource: {
        getMigrations: async () => migrations.map(([name, migration]) => ({ name, ...migration })),
        getMigrationName: (migration: MigrationSource) => migration.name,
        getMigration: async (migration: MigrationSource) => ({
          up: (k: Knex) => migration.up(k),
          down: noWayBack,
        }),
      },
    },
  })
  try {
    // Of a start that was killed while it migrated; nobody else migrates now, see `alone`.
    await knex.migrate.forceFreeMigrationsLock()
    await knex.migrate.latest()
    await knex.raw('grant select on knex_migrations to parvis_web')
    await ensureLogin(knex, new URL(appUrl))
  } finally {
    await knex.destroy()
  }
}

/** Does the work while no other process does such work on this database; the next one waits. Not through a pooler. */
export async function alone<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new ConfigError(
      `The database cannot be reached with DATABASE_OWNER_URL: ${(error as Error).message}`,
    )
  }
  try {
    await client.query(`select pg_advisory_lock(hashtextextended('parvis-migrate', 0))`)
    return await work(client)
  } finally {
    await client.end()
  }
}

const SCHEMA_WITHIN_MS = 60_000

/**
 * Waits for whoever has DATABASE_OWNER_URL to bring the database to the level of this code.
 * @throws ConfigError after a minute, with what is missing.
 */
export async function waitForSchema(
  pool: pg.Pool,
  migrations: readonly [string, unknown][],
  within = SCHEMA_WITHIN_MS,
): Promise<void> {
  const deadline = Date.now() + within
  for (;;) {
    const fault = await schemaFault(pool, migrations)
    if (fault === undefined) return
    if (Date.now() > deadline) {
      throw new ConfigError(
        `DATABASE_URL: ${fault}. Start once with DATABASE_OWNER_URL (the worker has it) to set the database up.`,
      )
    }
    await sleep(1_000)
  }
}

async function schemaFault(
  pool: pg.Pool,
  migrations: readonly [string, unknown][],
): Promise<string | undefined> {
  try {
    const { rows } = await pool.query<{ name: string }>('select name from knex_migrations')
    const done = new Set(rows.map((row) => row.name))
    const missing = migrations.map(([name]) => name).filter((name) => !done.has(name))
    return missing.length === 0 ? undefined : `the database lacks ${missing.join(', ')}`
  } catch (error) {
    return (error as Error).message
  }
}

async function noWayBack(): Promise<never> {
  throw new ConfigError('migrations only go forward')
}

async function ensureLogin(knex: Knex, url: URL): Promise<void> {
  const name = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  const found = await knex.raw<{ rows: unknown[] }>('select 1 from pg_roles where rolname = ?', [name])
  if (found.rows.length === 0) {
    await knex.raw('create role ?? login nosuperuser nobypassrls nocreatedb nocreaterole', [name])
    await knex.raw(`alter role ?? password ${pg.escapeLiteral(password)}`, [name])
  }
  await knex.raw('grant parvis_web to ??', [name])
}

/**
 * Refuses a role that row-level security would not hold: superuser, BYPASSRLS or owner of our tables.
 * @throws ConfigError saying what to change.
 */
export async function refuseUnsafeRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string; unsafe: boolean; web: boolean }>(`
    select current_user as name, r.rolsuper or r.rolbypassrls
      or exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname in ('public', 'plateforme', 'acces') and c.relkind in ('r', 'p')
                   and pg_has_role(r.oid, c.relowner, 'member')) as unsafe,
      exists (select from pg_roles w where w.rolname = 'parvis_web' and pg_has_role(r.oid, w.oid, 'member')) as web
    from pg_roles r where r.rolname = current_user`)
  const role = rows[0]
  if (!role || role.unsafe) {
    throw new ConfigError(
      `DATABASE_URL: the role "${role?.name ?? '?'}" is superuser, has BYPASSRLS or owns tables, so the wall between ` +
        'organismes would not hold. Give that role in DATABASE_OWNER_URL and a restricted one in DATABASE_URL.',
    )
  }
  if (!role.web) {
    throw new ConfigError(
      `DATABASE_URL: the role "${role.name}" is not a member of parvis_web. Start once with DATABASE_OWNER_URL to set it up.`,
    )
  }
}

/** Creates an empty database when it is not there yet. */
export async function createDatabaseOnce(serverUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
}
