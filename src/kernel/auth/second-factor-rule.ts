import type { Organisme } from '../organisme.ts'
import type { Utilisateur } from '../page.ts'

/** Where a second factor is set up. */
export const SET_UP_PATH = '/profil/second-facteur'

/** Whether the organisme asks a second factor of this role (`reglages.secondFacteurPour`). */
export function secondFactorRequired(organisme: Organisme, role: Utilisateur['role']): boolean {
  return organisme.reglages.secondFacteurPour.includes(role)
}

/** Whether this person must set one up before anything else. */
export function lacksSecondFactor(organisme: Organisme, user: Utilisateur): boolean {
  return !user.secondFacteur && secondFactorRequired(organisme, user.role)
}
