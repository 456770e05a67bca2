import type { Response } from 'express'
import { type ActRoute, redirect } from '../page.ts'
import type { ParvisRequest } from '../request.ts'
import { type Reprise, findReprise } from '../reprises/restore.ts'
import type { Later } from '../reprises/too-late.ts'
import type { Services } from '../services.ts'
import { inTransaction } from './context.ts'
import type { Site } from './site.ts'

/*
 * Forms that come after their session has run out: where they stood, and what was kept of them.
 */

/** Address of the page that shows the form of an act, with the same parameters; undefined when there is none. */
export function pagePathOf({ pages }: Site, route: ActRoute, req: ParvisRequest): string | undefined {
  const pattern = route.rerender ?? route.path
  if (!pages.has(pattern)) return undefined
  return pattern.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(req.params[name])))
}

/** The person is sent to his form, by way of the log-in page when he has no session; the sentence stands there. */
export function tooLate(
  site: Site,
  req: ParvisRequest,
  res: Response,
  { to, sentence }: Later,
): Promise<void> {
  if (sentence !== '') req.session.notice = { genre: 'alerte', texte: sentence }
  return site.send(req, res, redirect(to), {})
}

/** What was kept under that id for the person who asks; undefined for anybody else. */
export function repriseOf(services: Services, req: ParvisRequest, id: unknown): Promise<Reprise | undefined> {
  if (id === undefined || !req.user) return Promise.resolve(undefined)
  return inTransaction(services, req, (db) => findReprise(db, services, id))
}
