import type { Request, Response } from 'express'
import { SET_UP_PATH, lacksSecondFactor } from '../auth/second-factor-rule.ts'
import { Forbidden, NotFound } from '../errors.ts'
import type { Route } from '../page.ts'
import { allowed } from '../policy.ts'
import type { ParvisRequest } from '../request.ts'

/*
 * Who comes in, and by which address: asked before anything is read.
 */

/** False when the visitor was sent to the log-in page. @throws Forbidden when the role may not. */
export function authorize(route: Route, req: ParvisRequest, res: Response): boolean {
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

/** @throws NotFound when a parameter of the address is none of its kind */
export function checkParams(route: Route, req: Request): void {
  for (const [name, value] of Object.entries(req.params)) {
    const words = route.words?.[name]
    const fits =
      words instanceof RegExp
        ? words.test(value as string)
        : (words?.includes(value as string) ?? UUID.test(value as string))
    if (!fits) throw new NotFound(name)
  }
}
