import type { Route } from '../page.ts'
import type { ParvisRequest } from '../request.ts'

/** Minutes during which a password given again is not asked for once more. */
export const CONFIRMED_MINUTES = 15

/** Where it is asked for. */
export const CONFIRM_PATH = '/confirmation'

/**
 * Whether the password must be given again before this route: it takes many dossiers out, and a screen left open must
 * not be enough for that (security.md, abuse case 38). An adhérent never takes out more than what is his own.
 */
export function needsStepUp(route: Route, req: ParvisRequest, now: Date): boolean {
  if (!route.stepUp || !req.user || req.user.role === 'adherent') return false
  // In both directions: a clock that was put back must not make it last.
  return Math.abs(now.getTime() - (req.session.confirmeLe ?? 0)) > CONFIRMED_MINUTES * 60_000
}

/** The way to a file by GET, back included. */
export function confirmPage(url: string): string {
  return `${CONFIRM_PATH}?retour=${encodeURIComponent(url)}`
}

/** The way to a file by POST: what was chosen waits under that id (reprises/keep.ts). */
export function confirmAct(id: string): string {
  return `${CONFIRM_PATH}?acte=${id}`
}
