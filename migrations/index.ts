import type { Knex } from 'knex'
import * as m0001 from './0001_socle.ts'

export interface Migration {
  up(knex: Knex): Promise<void>
}

/** In order, by name without extension: the same list under tsx, vitest and a build. */
export const migrations: [name: string, migration: Migration][] = [['0001_socle', m0001]]
