import type { NextFunction, Request, Response } from 'express'
import { csrfSync } from 'csrf-sync'
import { Forbidden } from './errors.ts'

const { generateToken, isRequestValid } = csrfSync({
  getTokenFromRequest: (req) => (req as Request & { typedToken?: string }).typedToken,
})

/** The token of this session, made when a page with a form first asks for it. */
export function csrfToken(req: Request): string {
  return generateToken(req)
}

/** Called as soon as the fields before the first file are read. @throws Forbidden when the token is not this session's. */
export function checkCsrf(req: Request, fields: Record<string, unknown>): void {
  const token = fields._csrf
  ;(req as Request & { typedToken?: string | undefined }).typedToken =
    typeof token === 'string' ? token : undefined
  if (typeof token !== 'string' || !isRequestValid(req)) throw new Forbidden('csrf')
}

/**
 * Refuses unsafe methods that another site caused, before any body is read. Organismes under one domain are same-site
 * to each other, so SameSite cookies do not separate them; the origin does.
 */
export function sameOriginOnly(req: Request, _res: Response, next: NextFunction): void {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  const site = req.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Forbidden('sec-fetch-site')
  const { origin } = req.headers
  if (origin !== undefined && origin !== 'null' && new URL(origin).host !== req.headers.host)
    throw new Forbidden('origin')
  if (origin === 'null' && site === undefined) throw new Forbidden('origin')
  next()
}
