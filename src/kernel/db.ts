import type { Writable } from 'node:stream'
import pg from 'pg'
import { Forbidden, NotFound, Refusal, Unavailable } from './errors.ts'
import { type Ear, listenTo } from './listen.ts'
import { type Sql, sql, toQuery } from './sql.ts'

export type Role =
  'adherent' | 'cabinet' | 'superviseur' | 'collaborateur' | 'permanent' | 'administrateur' | 'operateur'

/** For whom a transaction works. `anonyme` sees nothing but what definer functions give; `systeme` is the worker. */
export interface Context {
  organismeId: string
  role: Role | 'anonyme' | 'systeme'
  utilisateurId?: string | null
  adherentId?: string | null
  structureId?: string | null
  /** The look of somebody of the staff through the eyes of that person: Postgres refuses every write. */
  vueComme?: string
}

declare const door: unique symbol

/** A transaction bound to one organisme and one person. Only `inOrganisme` makes one. */
export interface Db {
  readonly [door]: true
  readonly context: Context
  /** All rows. Statements sent together with Promise.all travel in one round trip. */
  many<Row>(query: Sql): Promise<Row[]>
  /** Exactly one row. @throws NotFound when there is none: the page answers 404. */
  one<Row>(query: Sql): Promise<Row>
  /** The first row, or undefined. */
  maybe<Row>(query: Sql): Promise<Row | undefined>
  /** Runs a write; gives the number of rows touched. */
  run(query: Sql): Promise<number>
  /** How many times we have waited for Postgres in this transaction. */
  roundTrips(): number
}

/** Statements outside any organisme: log-in, sessions, the operator, the worker. Each runs on its own. */
export interface Acces {
  many<Row>(query: Sql): Promise<Row[]>
  maybe<Row>(query: Sql): Promise<Row | undefined>
  run(query: Sql): Promise<number>
}

export interface Database {
  inOrganisme<T>(context: Context, work: (db: Db) => Promise<T>): Promise<T>
  readonly acces: Acces
  /** The same doors for a session that looks as another person: nothing can be written through them. */
  onlooking(vueComme: string): Database
  /** Hears what Postgres notifies on a channel, on a connection of its own; also after that was lost and is back. */
  listen(channel: string, heard: () => void): void
  ping(): Promise<void>
  close(): Promise<void>
  readonly pool: pg.Pool
}

const TIMESTAMPTZ = 1184
const DATE = 1082
const INT8 = 20
const NUMERIC = 1700

/** Dates stay text: a calendar date has no time zone, and building Date objects costs more than reading the row. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === TIMESTAMPTZ) return (v: string) => `${v.slice(0, 10)}T${v.slice(11, -3)}Z`
    if (oid === DATE) return (v: string) => v
    if (oid === INT8 || oid === NUMERIC) return Number
    return pg.types.getTypeParser(oid, format) as (v: string) => unknown
  },
}

function sessionSettings(statementTimeout: number): string {
  return [
    'timezone=UTC',
    `statement_timeout=${statementTimeout}`,
    'idle_in_transaction_session_timeout=10000',
    'lock_timeout=4000',
    'plan_cache_mode=auto',
  ]
    .map((setting) => `-c ${setting}`)
    .join(' ')
}

export interface DatabaseOptions {
  url: string
  /** Largest number of connections. */
  max: number
  prepare?: boolean
  /** Milliseconds to wait for a free connection before answering 503. */
  acquireTimeout?: number
  /** Milliseconds after which Postgres gives a statement up: five seconds for pages, more for jobs. */
  statementTimeout?: number
  onError?: (error: Error) => void
}

/**
 * Opens the pool of the restricted role. Connections pipeline: what is sent without waiting travels together.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const prepare = options.prepare ?? true
  const onError = options.onError ?? (() => undefined)
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    connectionTimeoutMillis: options.acquireTimeout ?? 3000,
    idleTimeoutMillis: 30_000,
    options: sessionSettings(options.statementTimeout ?? 5_000),
    types: rowTypes,
    pipeline: true,
  })
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))

  const acquire = async () => {
    try {
      return await pool.connect()
    } catch (error) {
      throw new Unavailable('database', { cause: error })
    }
  }

  const acces: Acces = {
    async many<Row>(query: Sql) {
      const client = await acquire()
      try {
        const result = await client.query(toQuery(query, prepare))
        client.release()
        return result.rows as Row[]
      } catch (error) {
        client.release(isConnectionLost(error))
        throw translate(error)
      }
    },
    async maybe<Row>(query: Sql) {
      return (await acces.many<Row>(query))[0]
    },
    async run(query: Sql) {
      const client = await acquire()
      try {
        const result = await client.query(toQuery(query, prepare))
        client.release()
        return result.rowCount ?? 0
      } catch (error) {
        client.release(isConnectionLost(error))
        throw translate(error)
      }
    },
  }

  const ears: Ear[] = []
  const database: Database = {
    acces,
    pool,
    onlooking: (vueComme) => ({
      ...database,
      acces: readOnly(acquire, prepare),
      inOrganisme: (context, work) => database.inOrganisme({ ...context, vueComme }, work),
    }),
    async inOrganisme(context, work) {
      const transaction = new Transaction(acquire, context, prepare)
      try {
        const result = await work(transaction as unknown as Db)
        await transaction.commit()
        await transaction.release(false)
        return result
      } catch (error) {
        const lost = isConnectionLost(error) || !(await transaction.rollback())
        await transaction.release(lost)
        throw translate(error)
      }
    },
    async ping() {
      await acces.run(sql`select 1`)
    },
    listen(channel, heard) {
      ears.push(listenTo(options.url, channel, heard, onError))
    },
    async close() {
      await Promise.all([...ears.map((ear) => ear.close()), pool.end()])
    },
  }
  return database
}

/** Statements outside any organisme that may only read, each in a transaction that Postgres keeps from writing. */
function readOnly(acquire: () => Promise<pg.PoolClient>, prepare: boolean): Acces {
  const acces: Acces = {
    async many<Row>(query: Sql) {
      const client = await acquire()
      try {
        const [, { rows }] = (await Promise.all(
          [BEGIN_READ_ONLY, query, COMMIT].map((one) => client.query(toQuery(one, prepare))),
        )) as [unknown, pg.QueryResult]
        client.release()
        return rows as Row[]
      } catch (error) {
        client.release(true)
        throw translate(error)
      }
    },
    async maybe<Row>(query: Sql) {
      return (await acces.many<Row>(query))[0]
    },
    // Traces of a person that the onlooker is not: what a page writes beside showing itself is left out.
    run: () => Promise.resolve(0),
  }
  return acces
}

const BEGIN = sql`begin`
const BEGIN_READ_ONLY = sql`begin read only`
const COMMIT = sql`commit`
const ROLLBACK = sql`rollback`

class Transaction {
  readonly context: Context
  private readonly acquire: () => Promise<pg.PoolClient>
  private readonly prepare: boolean
  private client: Promise<pg.PoolClient> | undefined
  private opening: Promise<unknown> | undefined
  private inFlight = 0
  private trips = 0

  constructor(acquire: () => Promise<pg.PoolClient>, context: Context, prepare: boolean) {
    this.acquire = acquire
    this.context = context
    this.prepare = prepare
  }

  roundTrips(): number {
    return this.trips
  }

  async many<Row>(query: Sql): Promise<Row[]> {
    return (await this.query(query)).rows as Row[]
  }

  async maybe<Row>(query: Sql): Promise<Row | undefined> {
    return (await this.query(query)).rows[0] as Row | undefined
  }

  async one<Row>(query: Sql): Promise<Row> {
    const row = (await this.query(query)).rows[0] as Row | undefined
    if (row === undefined) throw new NotFound('no row')
    return row
  }

  async run(query: Sql): Promise<number> {
    // A page writes traces of the person beside showing itself (first reading): an onlooker leaves none.
    if (this.context.vueComme !== undefined) return 0
    return (await this.query(query)).rowCount ?? 0
  }

  async commit(): Promise<void> {
    if (this.opening === undefined) return
    const result = await this.send(COMMIT)
    // Postgres answers COMMIT of a failed transaction with ROLLBACK, and no error.
    if (result.command !== 'COMMIT') throw new Unavailable('the transaction could not be committed')
  }

  /** False when the connection is no longer fit for use. */
  async rollback(): Promise<boolean> {
    if (this.opening === undefined) return true
    try {
      await this.send(ROLLBACK)
      return true
    } catch {
      return false
    }
  }

  /** Gives the connection back, when one was taken. */
  async release(lost: boolean): Promise<void> {
    const client = await this.client?.catch(() => undefined)
    client?.release(lost)
  }

  private query(query: Sql): Promise<pg.QueryResult> {
    if (this.opening === undefined) {
      // Taken at the first statement: a page that only hashes a password or counts tries keeps no connection waiting.
      this.client = this.acquire()
      const c = this.context
      this.opening = Promise.all([
        this.send(c.vueComme === undefined ? BEGIN : BEGIN_READ_ONLY),
        this.send(sql`select set_config('app.organisme_id', ${c.organismeId}, true),
          set_config('app.role', ${c.role}, true),
          set_config('app.utilisateur_id', ${c.utilisateurId ?? ''}, true),
          set_config('app.adherent_id', ${c.adherentId ?? ''}, true),
          set_config('app.structure_id', ${c.structureId ?? ''}, true)`),
        ...(c.vueComme === undefined
          ? []
          : [this.send(sql`select set_config('app.vue_comme', ${c.vueComme}, true)`)]),
      ])
      this.opening.catch(() => undefined) // the statement that follows in the pipeline fails with it
    }
    return this.send(query)
  }

  private async send(query: Sql): Promise<pg.QueryResult> {
    if (this.inFlight === 0) this.trips++
    this.inFlight++
    try {
      const client = await this.client!
      gather(client)
      return await client.query(toQuery(query, this.prepare))
    } finally {
      this.inFlight--
    }
  }
}

/** What is asked in one turn of the event loop leaves in one write: the system call costs as much as the query. */
function gather(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}

const LOST = /^(57P0[123]|08...|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

function isConnectionLost(error: unknown): boolean {
  if (error instanceof Unavailable) return isConnectionLost(error.cause)
  return LOST.test(codeOf(error)) || /connection (terminated|is closed)|not queryable/i.test(String(error))
}

/** Out of connections, shutting down, or too slow: the person is asked to try again (503). A quota says its own sentence. */
function translate(error: unknown): unknown {
  const code = codeOf(error)
  // read_only_sql_transaction: the wall behind « voir comme ».
  if (code === '25006') return new Forbidden('read only', { cause: error })
  if (/^quota_/.test(brokenConstraint(error) ?? '')) return new Refusal((error as Error).message)
  if (isConnectionLost(error) || code === '53300' || code === '57014' || code === '55P03') {
    return error instanceof Unavailable ? error : new Unavailable('database', { cause: error })
  }
  return error
}

/** The constraint that a write broke, by name, or undefined: modules turn it into a sentence. */
export function brokenConstraint(error: unknown): string | undefined {
  return /^23/.test(codeOf(error)) ? ((error as { constraint?: string }).constraint ?? 'inconnue') : undefined
}
