import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import type { Database } from './db.ts'
import type { Storage } from './files/storage.ts'
import type { Views } from './views.ts'

/** What the process leans on, opened once at start and handed to every handler and job. */
export interface Services {
  config: Config
  database: Database
  storage: Storage
  views: Views
  log: Logger
  clock: Clock
}
