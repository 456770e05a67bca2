import { rm } from 'node:fs/promises'
import type { Express, Request, Response } from 'express'
import { z } from 'zod'
import { SET_UP_PATH, lacksSecondFactor } from './auth/second-factor-rule.ts'
import { checkCsrf } from './csrf.ts'
import { dayInFrance } from './clock.ts'
import type { Context, Db } from './db.ts'
import { Defect, Forbidden, NotFound, Refusal, TooMany } from './errors.ts'
import { type Receive, inspectAll } from './files/receive.ts'
import { type FormErrors, toFormErrors } from './forms.ts'
import { counts } from './frame.ts'
import { writeJournal } from './journal.ts'
import type { ActRoute, Ctx, JournalNote, Module, PageRoute, Reply, Route, Utilisateur } from './page.ts'
import { allowed } from './policy.ts'
import type { Send } from './reply.ts'
import type { ParvisRequest } from './request.ts'
import type { Services } from './services.ts'
import { cookieOnWire } from './session.ts'

interface Site {
  services: Services
  modules: readonly Module[]
  receive: Receive
  send: Send
  pages: Map<string, PageRoute>
}

/** What a page shows again after a refused form. */
interface Again {
  errors: FormErrors
  values: Record<string, unknown>
  status: number
}

/** Mounts every route of every module. There is no other way to add a URL. */
export function mount(
  app: Express,
  modules: readonly Module[],
  services: Services,
  receive: Receive,
  send: Send,
): void {
  const pages = new Map<string, PageRoute>()
  const site: Site = { services, modules, receive, send, pages }
  for (const module of modules) {
    for (const route of module.routes) if (route.method === 'GET') pages.set(route.path, route)
  }
  for (const module of modules) {
    for (const route of module.routes) {
      const handler = (req: Request, res: Response) =>
        handle(site, module, route, req as unknown as ParvisRequest, res)
      if (route.method === 'GET') app.get(route.path, handler)
      else app.post(route.path, handler)
    }
  }
}

async function handle(
  site: Site,
  module: Module,
  route: Route,
  req: ParvisRequest,
  res: Response,
): Promise<void> {
  req.routePath = route.path
  if (module.module !== undefined && !req.organisme.modules.includes(module.module))
    throw new NotFound('module off')
  if (route.method === 'GET') {
    if (!authorize(route, req, res)) return
    checkParams(route, req)
    const { reply, numbers } = await runPage(site, route, req)
    return site.send(req, res, reply, { numbers })
  }
  const temps: string[] = []
  try {
    await runAct(site, route, req, res, temps)
  } finally {
    await Promise.all(temps.map((path) => rm(path, { force: true })))
  }
}

async function runAct(
  site: Site,
  route: ActRoute,
  req: ParvisRequest,
  res: Response,
  temps: string[],
): Promise<void> {
  // Before the body: nobody makes us store a file for an act that he may not do.
  if (!authorize(route, req, res)) return
  checkParams(route, req)
  let fields: Record<string, unknown> = {}
  try {
    const keep = (early: Record<string, unknown>) => {
      checkCsrf(req, early)
      // Kept for the page shown again when a file is refused on its way.
      fields = early
    }
    const body = await site.receive(req, res, route.upload, keep, route.large)
    fields = body.fields
    temps.push(...body.files.map((file) => file.tempPath))
    const files = route.upload ? await inspectAll(body.files, route.upload.rule) : []
    const { _csrf: _, ...typed } = fields
    const form = route.form ? route.form.parse(typed) : undefined
    const reply = await inTransaction(site, req, async (db) => {
      const { ctx, notes } = makeCtx(site, req, db)
      Object.assign(ctx, { form, files })
      const answer = await (route.run as (c: Ctx) => Promise<Reply>)(ctx)
      if (route.journal !== false) journal(db, route, req, notes)
      return answer
    })
    await site.send(req, res, reply, {})
  } catch (error) {
    const again = toAgain(error, fields) ?? (route.can === 'public' ? toStale(error, fields) : undefined)
    const shown = again && site.pages.get(route.rerender ?? route.path)
    if (!again || !shown || (shown.can !== 'public' && !req.user)) throw error
    if (error instanceof TooMany) res.setHeader('Retry-After', String(error.retryAfter))
    const { reply, numbers } = await runPage(site, shown, req, again).catch((failure: unknown) => {
      throw again.status === 403 ? error : failure
    })
    // A page that sends elsewhere cannot show the fault: the fault itself is the answer.
    if (reply.kind !== 'view') throw error
    await site.send(req, res, reply, { numbers, again })
  }
}

async function runPage(site: Site, route: PageRoute, req: ParvisRequest, again?: Again) {
  return inTransaction(site, req, async (db) => {
    const { ctx, notes } = makeCtx(site, req, db)
    const query = route.query ? route.query.safeParse(again ? {} : req.query) : undefined
    if (query && !query.success) throw new NotFound('query')
    Object.assign(ctx, { query: query?.data, again })
    const [reply, numbers] = await Promise.all([
      (route.run as (c: Ctx) => Promise<Reply>)(ctx),
      req.user ? counts(site.modules, req.organisme, db, req.user) : {},
    ])
    if (route.journal && !again && req.method === 'GET') journal(db, route, req, notes)
    return { reply, numbers }
  })
}

function journal(db: Db, route: Route, req: ParvisRequest, notes: JournalNote[]): void {
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

/** False when the visitor was sent to the log-in page. @throws Forbidden when the role may not. */
function authorize(route: Route, req: ParvisRequest, res: Response): boolean {
  if (route.can === 'public') return true
  if (!req.user) {
    if (route.method === 'POST') throw new Forbidden('no session')
    const retour = req.path !== '/' ? `?retour=${encodeURIComponent(req.originalUrl)}` : ''
    res.redirect(303, `/connexion${retour}`)
    return false
  }
  if (!allowed(req.user.role, route.can)) throw new Forbidden(route.can)
  if (lacksSecondFactor(req.organisme, req.user) && !openWithoutSecondFactor(route)) {
    res.redirect(303, SET_UP_PATH)
    return false
  }
  return true
}

/** What a person may still do before setting up the second factor that the organisme asks of the role. */
function openWithoutSecondFactor(route: Route): boolean {
  return (
    route.path === SET_UP_PATH || route.path.startsWith(`${SET_UP_PATH}/`) || route.can === 'deconnexion.do'
  )
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function checkParams(route: Route, req: Request): void {
  for (const [name, value] of Object.entries(req.params)) {
    const words = route.words?.[name]
    const fits =
      words instanceof RegExp
        ? words.test(value as string)
        : (words?.includes(value as string) ?? UUID.test(value as string))
    if (!fits) throw new NotFound(name)
  }
}

function inTransaction<T>(site: Site, req: ParvisRequest, work: (db: Db) => Promise<T>): Promise<T> {
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
  return site.services.database.inOrganisme(context, async (db) => {
    const result = await work(db)
    req.roundTrips = db.roundTrips
    return result
  })
}

function makeCtx(site: Site, req: ParvisRequest, db: Db): { ctx: Ctx; notes: JournalNote[] } {
  const notes: JournalNote[] = []
  const now = site.services.clock()
  const garde = () => (req.session.garde ??= {})
  const ctx = {
    db,
    user: req.user ?? null,
    organisme: req.organisme,
    services: site.services,
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
      cookie: (name: string) => readCookie(req, cookieOnWire(site.services.config, name)),
    },
    note: (entry: JournalNote) => void notes.push(entry),
    can: (action) => action === 'public' || (req.user !== undefined && allowed(req.user.role, action)),
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

function readCookie(req: Request, name: string): string | undefined {
  for (const part of (req.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=')
    if (at <= 0 || part.slice(0, at).trim() !== name) continue
    try {
      return decodeURIComponent(part.slice(at + 1).trim())
    } catch {
      return undefined
    }
  }
  return undefined
}

/** A form for visitors that stood open longer than its session: 403 as ever, but with the form and a fresh token. */
function toStale(error: unknown, fields: Record<string, unknown>): Again | undefined {
  if (!(error instanceof Forbidden) || error.message !== 'csrf') return undefined
  const { _csrf: _, ...values } = fields
  const resume =
    'Cette page était ouverte depuis trop longtemps. Rien n’a été enregistré : validez-la de nouveau.'
  return { errors: { resume, champs: [] }, values, status: 403 }
}

function toAgain(error: unknown, fields: Record<string, unknown>): Again | undefined {
  const { _csrf: _, ...values } = fields
  if (error instanceof z.ZodError) return { errors: toFormErrors(error), values, status: 422 }
  if (error instanceof Refusal) {
    const champs = error.field === undefined ? [] : [{ champ: error.field, message: error.message }]
    return {
      errors: { resume: error.field === undefined ? error.message : null, champs },
      values,
      status: error.status,
    }
  }
  if (error instanceof TooMany) return { errors: { resume: error.message, champs: [] }, values, status: 429 }
  if (error instanceof Defect) return undefined
  return undefined
}
