import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import type { Response } from 'express'
import { create as contentDisposition } from 'content-disposition'
import type { Role } from './db.ts'
import { Defect } from './errors.ts'
import { planDownload } from './files/download.ts'
import type { FormErrors } from './forms.ts'
import { type Menu, frame } from './frame.ts'
import type { Organismes } from './organisme.ts'
import type { CookieToSet, Reply } from './page.ts'
import { TOKENS_KEPT, tokensOfEnded } from './reprises/ended.ts'
import type { Reprise } from './reprises/restore.ts'
import type { ParvisRequest } from './request.ts'
import type { Services } from './services.ts'
import { cookieOnWire, idleSeconds } from './session.ts'

interface Extras {
  numbers?: Record<string, number>
  reprise?: Reprise | undefined
  again?: { errors: FormErrors; values: Record<string, unknown>; status: number } | undefined
}

export type Send = (req: ParvisRequest, res: Response, reply: Reply, extras: Extras) => Promise<void>

/** Turns what a handler returned into an answer, after the commit. Handlers never see `res`. */
export function replier(services: Services, menu: Menu, organismes: Organismes): Send {
  return async function send(req, res, reply, extras) {
    switch (reply.kind) {
      case 'view': {
        await effects(services, req, res, reply)
        const page = Object.assign(frame(services, menu, req, extras), reply.data)
        sendHtml(res, services.views.render(reply.name, page), extras.again?.status ?? reply.status)
        return
      }
      case 'redirect': {
        if (!/^\/(?![/\\])/.test(reply.to)) throw new Defect(`redirect outside: ${reply.to}`)
        if (reply.organismeChanged) organismes.forget()
        await effects(services, req, res, reply)
        if (reply.notice !== undefined) req.session.notice = { genre: 'succes', texte: reply.notice }
        if (req.session.notice || req.session.garde) await saved(req)
        res.redirect(303, reply.to)
        return
      }
      case 'json':
        res.status(reply.status).json(reply.data)
        return
      case 'stream':
        return sendStream(res, reply)
      case 'file':
        return sendFile(services, req, res, reply)
    }
  }
}

/** express-session would send the headers first and save then: a quick browser is back before the notice is there. */
function saved(req: ParvisRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((error?: Error | null) => (error ? reject(error) : resolve()))
  })
}

export function sendHtml(res: Response, html: string, status: number): void {
  const body = Buffer.from(html)
  res.statusCode = status
  res.setHeader('Content-Type', 'text/html; charset=utf-8')
  res.setHeader('Content-Length', body.length)
  res.end(res.req.method === 'HEAD' ? undefined : body)
}

async function effects(
  services: Services,
  req: ParvisRequest,
  res: Response,
  reply: {
    signIn?: { id: string; role: Role; vueComme?: string }
    signOut?: boolean
    renew?: boolean
    cookies?: CookieToSet[]
  },
): Promise<void> {
  const secure = services.config.production
  for (const cookie of reply.cookies ?? []) {
    res.cookie(cookieOnWire(services.config, cookie.name), cookie.value, {
      httpOnly: true,
      sameSite: 'lax',
      secure,
      path: '/',
      maxAge: cookie.maxAge * 1000,
    })
  }
  if (reply.renew) {
    const { garde } = req.session
    await new Promise<void>((resolve, reject) => {
      req.session.regenerate((error?: Error | null) => (error ? reject(error) : resolve()))
    })
    if (garde) req.session.garde = garde
  }
  if (reply.signIn !== undefined) {
    const { signIn } = reply
    const { user } = req
    // His own pages in other tabs carry the token of the session that ends here.
    const tabs = user?.id === signIn.id ? tokensOf(req) : []
    await new Promise<void>((resolve, reject) => {
      // passport regenerates the session: an id fixed before does not survive.
      req.logIn({ id: signIn.id }, (error?: Error | null) => (error ? reject(error) : resolve()))
    })
    // passport keeps only the id; a page shown in this very reply needs the person who was read with the request.
    req.user = user?.id === signIn.id ? user : undefined
    req.session.appareil = String(req.headers['user-agent'] ?? '').slice(0, 300)
    req.session.adresse = (req.ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '')
    req.session.repos = idleSeconds(signIn.role)
    req.session.confirmeLe = services.clock().getTime()
    const ended = await tokensOfEnded(services.database.acces, req.organisme.id, signIn.id)
    const stale = [...tabs, ...ended].slice(0, TOKENS_KEPT)
    if (stale.length > 0) req.session.jetonsPerimes = stale
    if (signIn.vueComme !== undefined) req.session.ouvreVue = signIn.vueComme
  }
  if (reply.signOut) {
    // The old session is destroyed; a new, anonymous one carries the notice.
    await new Promise<void>((resolve, reject) => {
      req.logout((error?: Error | null) => (error ? reject(error) : resolve()))
    })
    res.setHeader('Clear-Site-Data', '"cache", "storage"')
  }
}

function tokensOf({ session }: ParvisRequest): string[] {
  const { csrfToken, jetonsPerimes = [] } = session as typeof session & { csrfToken?: string }
  return csrfToken === undefined ? jetonsPerimes : [csrfToken, ...jetonsPerimes]
}

const ISOLATED =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

function sendStream(res: Response, reply: Extract<Reply, { kind: 'stream' }>): Promise<void> {
  res.setHeader('Content-Type', reply.mime)
  if (reply.name !== undefined) {
    res.setHeader(
      'Content-Disposition',
      contentDisposition(reply.name, { type: reply.inline ? 'inline' : 'attachment' }),
    )
  }
  if (reply.isolated) res.setHeader('Content-Security-Policy', ISOLATED)
  const body =
    typeof reply.body === 'string' || Buffer.isBuffer(reply.body) ? Readable.from([reply.body]) : reply.body
  return pipeline(body, res)
}

async function sendFile(
  services: Services,
  req: ParvisRequest,
  res: Response,
  reply: Extract<Reply, { kind: 'file' }>,
): Promise<void> {
  const { range, 'if-none-match': ifNoneMatch, 'if-range': ifRange } = req.headers
  const plan = planDownload(
    reply,
    range,
    ifNoneMatch,
    reply.inline,
    typeof ifRange === 'string' ? ifRange : undefined,
  )
  const withoutBody = req.method === 'HEAD' || plan.status === 304 || plan.status === 416
  // Opened before the first header leaves: a store that is away must not answer 200 with half a file.
  const body = withoutBody ? undefined : await services.storage.open(reply.key, plan.range)
  res.writeHead(plan.status, plan.headers)
  if (body) await pipeline(body, res)
  else res.end()
}
