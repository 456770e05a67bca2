import { readCookie } from '../cookies.ts'
import { dayInFrance } from '../clock.ts'
import type { Context, Db } from '../db.ts'
import { writeJournal } from '../journal.ts'
import type { Ctx, JournalNote, Route, Utilisateur } from '../page.ts'
import { allowed } from '../policy.ts'
import type { ParvisRequest } from '../request.ts'
import type { Services } from '../services.ts'
import { cookieOnWire } from '../session.ts'
import { onlookerServices } from '../vue-comme.ts'

/** The one transaction of a request, as the person who is logged in; a look as somebody else only reads. */
export function inTransaction<T>(
  services: Services,
  req: ParvisRequest,
  work: (db: Db) => Promise<T>,
): Promise<T> {
  const { user } = req
  const context: Context = user
    ? {
        organismeId: req.organisme.id,
        role: user.role,
        utilisateurId: user.id,
        adherentId: user.adherentId,
        structureId: user.structureId,
      }
    : { organismeId: req.organisme.id, role: 'anonyme' }
  return onlookerServices(services, req).database.inOrganisme(context, async (db) => {
    const result = await work(db)
    req.roundTrips = db.roundTrips
    return result
  })
}

/** What a handler is given, and the notes that it leaves for the journal. */
export function makeCtx(services: Services, req: ParvisRequest, db: Db): { ctx: Ctx; notes: JournalNote[] } {
  const notes: JournalNote[] = []
  const now = services.clock()
  const garde = () => (req.session.garde ??= {})
  const ctx = {
    db,
    user: req.user ?? null,
    organisme: req.organisme,
    services: onlookerServices(services, req),
    params: req.params as Record<string, string>,
    query: undefined,
    form: undefined,
    files: [],
    now,
    today: dayInFrance(now),
    request: {
      id: req.requestId,
      // Read by few pages, and Express works for it.
      get ip() {
        return req.ip ?? ''
      },
      get agent() {
        return String(req.headers['user-agent'] ?? '').slice(0, 300)
      },
      path: req.path,
      url: req.originalUrl,
      cookie: (name: string) => readCookie(req, cookieOnWire(services.config, name)),
    },
    note: (entry: JournalNote) => void notes.push(entry),
    can: (action) => action === 'public' || (req.user !== undefined && allowed(req.user, action)),
    session: {
      id: req.sessionID,
      get: (key: string) => req.session.garde?.[key],
      set: (key: string, value: unknown) => {
        if (value === undefined) delete garde()[key]
        else garde()[key] = value
      },
    },
  } satisfies Ctx & { user: Utilisateur | null }
  return { ctx, notes }
}

/** One row for what was done, or one for each note of the handler. */
export function journal(db: Db, route: Route, req: ParvisRequest, notes: JournalNote[]): void {
  if (req.vue) {
    // Its own transaction takes no row: noteLook writes them, under the name of who looks.
    req.looked = notes
    return
  }
  const rows = notes.length > 0 ? notes : [{}]
  for (const note of rows) {
    // Not awaited: it travels with the COMMIT, which fails when it fails.
    writeJournal(db, req.user, {
      action: note.action ?? route.can,
      objet: note.objet ?? route.path.split('/')[1] ?? '',
      objetId: note.objetId ?? (typeof req.params.id === 'string' ? req.params.id : null),
      adherentId: note.adherentId ?? req.user?.adherentId ?? null,
      detail: note.detail ?? {},
      request: req.requestId,
    }).catch(() => undefined)
  }
}
