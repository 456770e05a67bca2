import { rm } from 'node:fs/promises'
import type { Express, Request, Response } from 'express'
import { z } from 'zod'
import { confirmAct, confirmPage, needsStepUp } from './auth/step-up.ts'
import { SET_UP_PATH, lacksSecondFactor } from './auth/second-factor-rule.ts'
import { checkCsrf } from './csrf.ts'
import { readCookie } from './cookies.ts'
import { dayInFrance } from './clock.ts'
import type { Context, Db } from './db.ts'
import { Defect, Forbidden, NotFound, Refusal, TooMany } from './errors.ts'
import { type Receive, inspectAll } from './files/receive.ts'
import { type UploadedFile, tooManyFiles } from './files/upload.ts'
import { type FormErrors, toFormErrors } from './forms.ts'
import { counts } from './frame.ts'
import { writeJournal } from './journal.ts'
import {
  type ActRoute, type Ctx, type JournalNote, type Module, type PageRoute, type ReceivedFile, type Reply, type Route,
  type Utilisateur, redirect,
} from './page.ts' // prettier-ignore
import { allowed } from './policy.ts'
import type { Send } from './reply.ts'
import { forget } from './reprises/keep.ts'
import { type Reprise, findReprise, takeFiles } from './reprises/restore.ts'
import { sameToken } from './reprises/ended.ts'
import { type Later, keepForLater, keepForNow, wantsJson } from './reprises/too-late.ts'
import type { ParvisRequest } from './request.ts'
import type { Services } from './services.ts'
import { cookieOnWire } from './session.ts'
import { sql } from './sql.ts'
import { keepOutOnlooker, leaveEndedView, noteLook, onlookerServices } from './vue-comme.ts'

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
  /** Id of what was kept from a session that ran out, when the form came from there. */
  reprise?: unknown
}

interface Shown {
  reply: Reply
  numbers: Record<string, number>
  reprise: Reprise | undefined
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
  if (req.vue) {
    if (await leaveEndedView(site.services, req, res, route)) return
    keepOutOnlooker(req, route)
  }
  if (module.module !== undefined && !req.organisme.modules.includes(module.module))
    throw new NotFound('module off')
  if (route.method === 'GET') {
    if (!authorize(route, req, res)) return
    checkParams(route, req)
    if (needsStepUp(route, req, site.services.clock())) return res.redirect(303, confirmPage(req.originalUrl))
    const { reply, ...extras } = await runPage(site, route, req)
    if (req.vue) await noteLook(site.services, req, route)
    return site.send(req, res, reply, extras)
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
  const page = pagePathOf(site, route, req)
  if (route.can !== 'public' && !req.user) {
    checkParams(route, req)
    return tooLate(site, req, res, await keepForLater(site, route, req, res, page, temps))
  }
  // Before the body: nobody makes us store a file for an act that he may not do.
  if (!authorize(route, req, res)) return
  checkParams(route, req)
  let fields: Record<string, unknown> = {}
  try {
    let stale = false
    const keep = (early: Record<string, unknown>) => {
      stale = page !== undefined && !wantsJson(req) && isOfEndedSession(req, early)
      if (!stale) checkCsrf(req, early)
      // Kept for the page shown again when a file is refused on its way.
      fields = early
    }
    const body = await site.receive(req, res, route.upload, keep, route.large)
    fields = body.fields
    temps.push(...body.files.map((file) => file.tempPath))
    const { _csrf: _, _reprise: repriseId, _reprise_fichier: wanted, ...typed } = fields
    const reprise = await repriseOf(site, req, repriseId)
    const again = reprise ? await takeFiles(site.services, reprise, wanted, temps) : []
    const files = await received(route, [...again, ...body.files])
    if (stale) {
      const id = await keepForNow(site.services, req, page!, typed, files)
      return await tooLate(site, req, res, { to: `${page!}?reprise=${id}`, sentence: '' })
    }
    if (needsStepUp(route, req, site.services.clock())) {
      const id = await keepForNow(site.services, req, req.path, typed, [])
      return await tooLate(site, req, res, { to: confirmAct(id), sentence: '' })
    }
    const form = route.form ? route.form.parse(typed) : undefined
    const reply = await inTransaction(site, req, async (db) => {
      const { ctx, notes } = makeCtx(site, req, db)
      Object.assign(ctx, { form, files })
      const answer = await (route.run as (c: Ctx) => Promise<Reply>)(ctx)
      if (route.journal !== false) journal(db, route, req, notes)
      if (reprise) await forget(db, sql`id = ${reprise.id}`)
      return answer
    })
    await site.send(req, res, reply, {})
  } catch (error) {
    const again = toAgain(error, fields) ?? (route.can === 'public' ? toStale(error, fields) : undefined)
    if (again) again.reprise = fields._reprise
    const shown = again && site.pages.get(route.rerender ?? route.path)
    if (!again || !shown || (shown.can !== 'public' && !req.user)) throw error
    if (error instanceof TooMany) res.setHeader('Retry-After', String(error.retryAfter))
    const { reply, ...extras } = await runPage(site, shown, req, again).catch((failure: unknown) => {
      throw again.status === 403 ? error : failure
    })
    // A page that sends elsewhere cannot show the fault: the fault itself is the answer.
    if (reply.kind !== 'view') throw error
    await site.send(req, res, reply, { ...extras, again })
  }
}

async function runPage(site: Site, route: PageRoute, req: ParvisRequest, again?: Again): Promise<Shown> {
  // Taken apart only by pages that read it: most addresses have none.
  const { reprise: asked, ...rest } = route.query || req.url.includes('reprise=') ? req.query : {}
  const kept = again ? again.reprise : req.user && asked
  const reprise = await repriseOf(site, req, kept)
  const work = inTransaction(site, req, async (db) => {
    const { ctx, notes } = makeCtx(site, req, db)
    const query = route.query ? route.query.safeParse(again ? {} : rest) : undefined
    if (query && !query.success) throw new NotFound('query')
    Object.assign(ctx, { query: query?.data, again })
    const [reply, numbers] = await Promise.all([
      (route.run as (c: Ctx) => Promise<Reply>)(ctx),
      req.user ? counts(site.modules, req.organisme, db, req.user) : {},
    ])
    if (route.journal && !again && req.method === 'GET') journal(db, route, req, notes)
    return { reply, numbers, reprise }
  })
  if (!reprise || again) return work
  // The form is gone (closed by now, or somebody else's): the text is read on a page of its own.
  const elsewhere = { reply: redirect(`/reprises/${reprise.id}`), numbers: {}, reprise: undefined }
  return work.then(
    (shown) => (shown.reply.kind === 'view' ? shown : elsewhere),
    (error: unknown) => {
      if (error instanceof NotFound) return elsewhere
      throw error
    },
  )
}

/** Address of the page that shows the form of an act, with the same parameters; undefined when there is none. */
function pagePathOf(site: Site, route: ActRoute, req: ParvisRequest): string | undefined {
  const pattern = route.rerender ?? route.path
  if (!site.pages.has(pattern)) return undefined
  return pattern.replace(/:(\w+)/g, (_all, name: string) => encodeURIComponent(String(req.params[name])))
}

/** The person is sent to his form, by way of the log-in page when he has no session; the sentence stands there. */
function tooLate(site: Site, req: ParvisRequest, res: Response, { to, sentence }: Later): Promise<void> {
  if (sentence !== '') req.session.notice = { genre: 'alerte', texte: sentence }
  return site.send(req, res, redirect(to), {})
}

function isOfEndedSession(req: ParvisRequest, fields: Record<string, unknown>): boolean {
  return (req.session.jetonsPerimes ?? []).some((token) => sameToken(fields._csrf, token))
}

function repriseOf(site: Site, req: ParvisRequest, id: unknown): Promise<Reprise | undefined> {
  if (id === undefined || !req.user) return Promise.resolve(undefined)
  return inTransaction(site, req, (db) => findReprise(db, site.services, id))
}

async function received(route: ActRoute, files: UploadedFile[]): Promise<ReceivedFile[]> {
  if (!route.upload) return []
  if (files.length > route.upload.maxFiles) throw tooManyFiles(route.upload.maxFiles)
  return inspectAll(files, route.upload.rule)
}

function journal(db: Db, route: Route, req: ParvisRequest, notes: JournalNote[]): void {
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

/** False when the visitor was sent to the log-in page. @throws Forbidden when the role may not. */
function authorize(route: Route, req: ParvisRequest, res: Response): boolean {
  if (route.can === 'public') return true
  if (!req.user) {
    if (route.method === 'POST') throw new Forbidden('no session')
    const retour = req.path !== '/' ? `?retour=${encodeURIComponent(req.originalUrl)}` : ''
    res.redirect(303, `/connexion${retour}`)
    return false
  }
  if (!allowed(req.user, route.can)) throw new Forbidden(route.can)
  if (!req.vue && lacksSecondFactor(req.organisme, req.user) && !openWithoutSecondFactor(route)) {
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
  return onlookerServices(site.services, req).database.inOrganisme(context, async (db) => {
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
    services: onlookerServices(site.services, req),
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
