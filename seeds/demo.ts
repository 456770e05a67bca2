import type { Client, PoolClient } from 'pg'
import { seedCast } from './cast.ts'
import { contents } from './contents.ts'

export interface SeedOptions {
  /** The day the world is loaded: every date of the demo is relative to it. */
  today: Date
}

/** What every part of the demo world writes with: the owner, who is not held by the walls. */
export interface Seed {
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>
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
