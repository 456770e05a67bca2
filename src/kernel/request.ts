import type { Request } from 'express'
import type { Organisme } from './organisme.ts'
import type { Utilisateur } from './page.ts'

/** What the kernel knows of a request before any route runs. */
export interface ParvisRequest extends Omit<Request, 'user'> {
  organisme: Organisme
  requestId: string
  user?: Utilisateur | undefined
  /** Pattern of the route, for the log: addresses hold ids. */
  routePath?: string
  /** Waits for Postgres in the page's transaction, for the tests and the log. */
  roundTrips?: () => number
}
