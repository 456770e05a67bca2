import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'
import type { Config } from './config.ts'

/**
 * Headers of every answer. Pages carry no inline script or style, so none is allowed. Helmet says them once, at start:
 * none depends on the request.
 */
export function securityHeaders(config: Config): RequestHandler {
  const headers = [
    ...saidBy(
      helmet({
        contentSecurityPolicy: {
          useDefaults: false,
          directives: {
            defaultSrc: ["'none'"],
            scriptSrc: ["'self'"],
            styleSrc: ["'self'"],
            imgSrc: ["'self'", 'data:'],
            fontSrc: ["'self'"],
            connectSrc: ["'self'"],
            workerSrc: ["'self'"],
            formAction: ["'self'"],
            baseUri: ["'none'"],
            frameAncestors: ["'none'"],
            objectSrc: ["'none'"],
          },
        },
        strictTransportSecurity: config.production ? { maxAge: 31_536_000, includeSubDomains: true } : false,
        referrerPolicy: { policy: 'same-origin' },
        crossOriginOpenerPolicy: { policy: 'same-origin' },
        crossOriginResourcePolicy: { policy: 'same-origin' },
        crossOriginEmbedderPolicy: false,
      }),
    ),
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
    ['Cache-Control', 'no-store'],
  ] as const
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value)
    next()
  }
}

/** What a middleware sets, asked once. @throws what it hands to `next` */
function saidBy(
  middleware: (req: never, res: never, next: (error?: unknown) => void) => void,
): [string, string][] {
  const said = new Map<string, string>()
  const response = {
    setHeader: (name: string, value: string) => void said.set(name, value),
    removeHeader: (name: string) => void said.delete(name),
  }
  middleware({} as never, response as never, (error) => {
    if (error instanceof Error) throw error
  })
  return [...said]
}

/** Every request has a number, printed on its error page and in its log line. */
export function requestId(req: Request, res: Response, next: NextFunction): void {
  const id = randomUUID()
  ;(req as unknown as { requestId: string }).requestId = id
  res.setHeader('X-Request-Id', id)
  next()
}

/** Only GET, HEAD and POST exist here. */
export function methods(req: Request, res: Response, next: NextFunction): void {
  if (req.method === 'GET' || req.method === 'HEAD' || req.method === 'POST') return next()
  res.status(405).setHeader('Allow', 'GET, HEAD, POST').type('text').send('Méthode non prise en charge.\n')
}
