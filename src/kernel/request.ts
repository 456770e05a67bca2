import type { Request } from 'express'
import type { BodyClock } from './body-clock.ts'
import type { Organisme } from './organisme.ts'
import type { JournalNote, Utilisateur, VueComme } from './page.ts'

/** What the kernel knows of a request before any route runs. */
export interface ParvisRequest extends Omit<Request, 'user'> {
  organisme: Organisme
  requestId: string
  user?: Utilisateur | undefined
  /** Set while somebody of the staff looks at the portal as `user`. */
  vue?: VueComme | undefined
  /** What such a look has to leave in the journal, when the page is one that the journal keeps. */
  looked?: readonly JournalNote[]
  /** Absent when the request has no body. */
  bodyClock?: BodyClock
  /** Pattern of the route, for the log: addresses hold ids. */
  routePath?: string
  /** Waits for Postgres in the page's transaction, for the tests and the log. */
  roundTrips?: () => number
}
