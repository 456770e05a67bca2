import { createHash, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client, PoolClient } from 'pg'
import { type Db, rowTypes } from '../src/kernel/db.ts'
import type { Storage } from '../src/kernel/files/storage.ts'
import { type Sql, toQuery } from '../src/kernel/sql.ts'
import { seedCast } from './cast.ts'
import { contents } from './contents.ts'

export interface SeedOptions {
  /** The day the world is loaded: every date of the demo is relative to it. */
  today: Date
  /** Where the bytes of the demo's files go. */
  storage: Storage
}

/** A file of the demo world. */
export interface SeedFile {
  /** Code of the organisme. */
  organisme: string
  nom: string
  mime: string
  bytes: Buffer
  /** Id of the person who sent it. */
  deposePar: string
  /** AAAA-MM-JJ. */
  deposeLe: string
}

/** What every part of the demo world writes with: the owner, who is not held by the walls. */
export interface Seed {
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>
  /** Keeps a file, bytes and row; gives the id of its row in `fichiers`. */
  file(file: SeedFile): Promise<string>
  /** Reads as the portal does, inside an organisme and held by its walls. */
  reading<T>(organisme: string, work: (db: Db) => Promise<T>): Promise<T>
  /** AAAA-MM-JJ, that many days from today (negative: before). */
  day(offset: number): string
  /** The year of today; the last closed exercice is the year before. */
  year: number
  organismes: Record<string, string>
  /** Id of a person, by `organisme/login`. */
  people: Record<string, string>
  /** Id of an adhérent, by `organisme/numero`. */
  adherents: Record<string, string>
  /** Id of a structure, by `organisme/numero`. */
  structures: Record<string, string>
}

/** Loads the demo world of the three organismes once, in one transaction; does nothing when it is there. */
export async function loadDemoWorld(client: Client | PoolClient, options: SeedOptions): Promise<boolean> {
  const there = await client.query(`select 1 from plateforme.organismes where code = 'estuaire'`)
  if (there.rowCount) return false
  const seed: Seed = {
    sql: async <Row>(text: string, values?: unknown[]) => (await client.query(text, values)).rows as Row[],
    file: (file) => insertFile(seed, options.storage, file),
    reading: (code, work) => readingAs(client, seed.organismes[code]!, work),
    day: (offset) => new Date(options.today.getTime() + offset * 86_400_000).toISOString().slice(0, 10),
    year: options.today.getUTCFullYear(),
    organismes: {},
    people: {},
    adherents: {},
    structures: {},
  }
  await client.query('begin')
  try {
    await seedCast(seed)
    for (const content of contents) await content(seed)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
  return true
}

async function insertFile(seed: Seed, storage: Storage, file: SeedFile): Promise<string> {
  const organismeId = seed.organismes[file.organisme]
  if (organismeId === undefined) throw new Error(`no organisme ${file.organisme} in the demo world`)
  const key = `${organismeId}/${randomUUID()}`
  const tempPath = join(tmpdir(), randomUUID())
  await writeFile(tempPath, file.bytes, { mode: 0o600 })
  await storage.put(key, tempPath)
  const [row] = await seed.sql<{ id: string }>(
    `insert into fichiers (organisme_id, cle, nom, mime, taille, sha256, depose_par, depose_le, antivirus)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'sans_objet') returning id`,
    [organismeId, key, file.nom, file.mime, file.bytes.length, createHash('sha256').update(file.bytes).digest('hex'),
      file.deposePar, file.deposeLe], // prettier-ignore
  )
  return row!.id
}

/** A reader over the owner's own transaction that lowers itself to the restricted role for the time of the work. */
async function readingAs<T>(
  client: Client | PoolClient,
  organismeId: string,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  await client.query(
    `select set_config('app.organisme_id', $1, true), set_config('app.role', 'systeme', true)`,
    [organismeId],
  )
  await client.query('set local role parvis_web')
  // One connection, one query after the other: dates come as text, as the portal has them.
  const rows = async (query: Sql) =>
    (await client.query({ ...toQuery(query, false), types: rowTypes })).rows as unknown[]
  const db = {
    context: { organismeId, role: 'systeme' },
    many: rows,
    maybe: async (query: Sql) => (await rows(query))[0],
    one: async (query: Sql) => {
      const [row] = await rows(query)
      if (row === undefined) throw new Error('no row in the demo world')
      return row
    },
  } as unknown as Db
  try {
    return await work(db)
  } finally {
    await client.query('reset role')
  }
}
