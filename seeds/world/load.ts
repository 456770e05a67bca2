import type { ClientBase } from 'pg'
import { randomStream } from '../random.ts'
import { FIRST_NUMBER, insertAdherents } from './adherents.ts'
import { type Bulk, bulk } from './bulk.ts'
import { insertCourriers } from './courriers.ts'
import { insertEnvois } from './envois.ts'
import { type WorldFiles, noFiles } from './files.ts'
import { insertNouvelles } from './nouvelles.ts'
import { type Organisme, insertOrganismes } from './organismes.ts'
import { insertYears } from './years.ts'

export interface WorldOptions {
  adherents: number
  cabinets: number
  /** Counts the Estuaire of the demo, which has a quarter of everything; the others share the rest. */
  organismes: number
  /** Of all organismes, shared like the adhérents. */
  courriers: number
  seed: number
  /** The day the world is loaded: every date is relative to it. */
  today: Date
  /** Where the bytes of the papers go; without it they have rows only. */
  files?: WorldFiles
  /** Postgres verifies every foreign key: a superuser may do without, in half the time. */
  checked: boolean
}

/** What every part of the world draws from and writes to. */
export interface World {
  options: WorldOptions
  random: () => number
  /** A uuid: the n-th of the seed. */
  id(): string
  /** AAAA-MM-JJ, that many days from today (negative: before). */
  day(offset: number): string
  /** The year of today; the last closed exercice is the year before. */
  year: number
  client: ClientBase
  write: Bulk
  files: WorldFiles
  /** Hash of the password that everybody has in the demo. */
  password: string
}

const AT_ONCE = 1_000

/**
 * Adds a large world to a database that holds the demo world, in one transaction: same seed and day, same world.
 * @throws Error when the database has one already.
 */
export async function loadWorld(client: ClientBase, options: WorldOptions): Promise<void> {
  const there = await client.query('select 1 from adherents where numero = $1', [String(FIRST_NUMBER)])
  if (there.rowCount) throw new Error('this database holds a large world already')
  const ids = randomStream(options.seed ^ 0x5f3759df)
  const world: World = {
    options,
    random: randomStream(options.seed),
    id: () => uuid(ids),
    day: (offset) => new Date(options.today.getTime() + offset * 86_400_000).toISOString().slice(0, 10),
    year: options.today.getUTCFullYear(),
    client,
    write: bulk(client),
    files: options.files ?? noFiles,
    password: '',
  }
  await client.query('begin')
  try {
    if (!options.checked) await client.query('set local session_replication_role = replica')
    world.password = await demoPassword(client)
    for (const organisme of await insertOrganismes(world)) await fill(world, organisme)
    await world.write.flush()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
  await client.query('vacuum analyze')
  // Rows that were written past the triggers have marked nobody.
  await client.query('select app.suivi_reconstruire(id) from plateforme.organismes')
  await client.query('vacuum analyze suivi_dossiers, suivi_a_refaire')
}

async function fill(world: World, organisme: Organisme): Promise<void> {
  await insertNouvelles(world, organisme)
  for (let from = 0; from < organisme.share.adherents; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, organisme.share.adherents - from)
    const adherents = await insertAdherents(world, organisme, from, count)
    await insertYears(world, organisme, adherents)
    await insertEnvois(world, organisme, adherents)
    // The plans of key checks, made on empty tables, read whole tables: the first statistics end them.
    if (from === 0) await analyze(world)
  }
  await organisme.numbers.save(world)
  await insertCourriers(world, organisme)
}

async function analyze({ client, write, options }: World): Promise<void> {
  await write.flush()
  if (options.checked) await client.query('analyze')
}

/** argon2id is slow on purpose: one hash serves all. */
async function demoPassword(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ mot_de_passe: string }>(
    `select s.mot_de_passe from acces.secrets s join utilisateurs u on u.organisme_id = s.organisme_id
       and u.id = s.utilisateur_id join plateforme.organismes o on o.id = u.organisme_id
     where o.code = 'estuaire' and u.login = '657'`,
  )
  if (!rows[0]) throw new Error('the demo world must be there first')
  return rows[0].mot_de_passe
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0'),
  ).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
