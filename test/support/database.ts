import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { type Context, type Database, type Db, type Role, openDatabase } from '../../src/kernel/db.ts'
import { appUrl, onDatabase } from './urls.ts'

export interface TestDatabase {
  /** As the web process: the restricted role. */
  database: Database
  /** As the owner: sees every row of every organisme. For preparing and for proving. */
  owner: pg.Pool
  ownerUrl: string
  appUrl: string
  /** A person of the cast, by code of organisme and log-in. */
  person(organisme: string, login: string): Promise<Person>
  /** Runs as that person, as the web process would. */
  as<T>(organisme: string, login: string, work: (db: Db) => Promise<T>): Promise<T>
  drop(): Promise<void>
}

export interface Person {
  id: string
  organismeId: string
  role: Role
  login: string
  adherentId: string | null
  structureId: string | null
}

/** A database of its own for a test file, cloned from the template in some 50 ms; dropped after the file. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('ownerUrl')
  const name = `t_${randomBytes(6).toString('hex')}`
  await onServer(server, `create database ${name} template modele strategy file_copy`)
  const ownerUrl = onDatabase(server, name)
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 3 })
  owner.on('error', () => undefined)
  const database = openDatabase({ url: appUrl(ownerUrl), max: 8 })
  const person = async (organisme: string, login: string) => {
    const { rows } = await owner.query<Person>(
      `select u.id, u.organisme_id as "organismeId", u.role, u.login, u.adherent_id as "adherentId",
         u.structure_id as "structureId"
       from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id where o.code = $1 and u.login = $2`,
      [organisme, login],
    )
    if (!rows[0]) throw new Error(`no ${login} in ${organisme}`)
    return rows[0]
  }
  const drop = async () => {
    await Promise.all([database.close(), owner.end()])
    await onServer(server, `drop database if exists ${name} with (force)`)
  }
  afterAll(drop)
  return {
    database,
    owner,
    ownerUrl,
    appUrl: appUrl(ownerUrl),
    person,
    drop,
    async as(organisme, login, work) {
      return database.inOrganisme(contextOf(await person(organisme, login)), work)
    },
  }
}

export function contextOf(person: Person): Context {
  return {
    organismeId: person.organismeId,
    role: person.role,
    utilisateurId: person.id,
    adherentId: person.adherentId,
    structureId: person.structureId,
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
