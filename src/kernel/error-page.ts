import type { ErrorRequestHandler, Request, Response } from 'express'
import { admitRefusal } from './auth/throttle.ts'
import { Forbidden, NotFound, Refusal, TooMany, Unavailable } from './errors.ts'
import { type Menu, frame } from './frame.ts'
import { writeJournal } from './journal.ts'
import { sendHtml } from './reply.ts'
import type { ParvisRequest } from './request.ts'
import type { Services } from './services.ts'

export function notFoundPage(_req: Request): never {
  throw new NotFound('no route')
}

function statusOf(error: unknown): number {
  if (error instanceof NotFound) return 404
  if (error instanceof Forbidden) return 403
  if (error instanceof TooMany) return 429
  if (error instanceof Refusal) return error.status
  if (error instanceof Unavailable) return 503
  const status = (error as { status?: unknown }).status
  return typeof status === 'number' && [400, 404, 413].includes(status) ? status : 500
}

/** The last stop of every failure: a French page with the number of the request, never a stack. */
export function errorPage(services: Services, menu: Menu): ErrorRequestHandler {
  return (error: unknown, rawReq, res: Response, _next) => {
    const req = rawReq as unknown as ParvisRequest
    const status = statusOf(error)
    if (status >= 500) res.err = error as Error
    if (status === 403 && req.organisme)
      recordRefusal(services, req).catch((failure: unknown) =>
        services.log.warn({ err: failure }, 'refusal not recorded'),
      )
    if (res.headersSent) {
      res.destroy()
      return
    }
    if (error instanceof TooMany) res.setHeader('Retry-After', String(error.retryAfter))
    if (status === 503) res.setHeader('Retry-After', '5')
    const message = error instanceof Refusal || error instanceof TooMany ? error.message : null
    sendHtml(res, html(services, menu, req, status, message), status)
  }
}

function html(
  services: Services,
  menu: Menu,
  req: ParvisRequest,
  status: number,
  message: string | null,
): string {
  const bare = { requestId: req.requestId, message }
  // A page that failed because of the database must not lean on the session again.
  const full = req.organisme && req.session && status !== 503 && status !== 500
  try {
    const page = full ? Object.assign(frame(services, menu, req), { message }) : bare
    return services.views.render(`erreurs/${status}`, page)
  } catch (failure) {
    services.log.error({ err: failure }, 'error page failed')
    return services.views.render('erreurs/500', bare)
  }
}

/** Links that open something (auth/tokens.ts), refused before any route has said which part of the address is secret. */
const SECRETS = /[A-Za-z0-9_-]{43,}/g

async function recordRefusal({ database }: Services, req: ParvisRequest): Promise<void> {
  // Who looks as another person answers for what he tried.
  const user = req.vue?.par ?? req.user
  const organismeId = req.organisme.id
  if (!user && !(await admitRefusal(database.acces, organismeId))) return
  await database.inOrganisme(
    { organismeId, role: user?.role ?? 'anonyme', utilisateurId: user?.id ?? null },
    (db) =>
      writeJournal(db, user, {
        action: 'refus',
        objet: req.routePath ?? req.path.replace(SECRETS, '…').slice(0, 100),
        objetId: null,
        adherentId: null,
        detail: { methode: req.method, ...(req.vue && { comme: req.user?.login }) },
        request: req.requestId,
      }),
  )
}
