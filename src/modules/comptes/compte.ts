import { brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'

/** Who has an account with the organisme without being of its staff. */
export const ROLES_MEMBRES = ['adherent', 'cabinet', 'superviseur', 'collaborateur'] as const
export type RoleMembre = (typeof ROLES_MEMBRES)[number]

export const LIBELLES_ROLES: Record<RoleMembre, string> = {
  adherent: 'Adhérent',
  cabinet: 'Cabinet',
  superviseur: 'Superviseur',
  collaborateur: 'Collaborateur',
}

export type Etat = 'parti' | 'bloque' | 'invite' | 'jamais' | 'actif'

interface Dates {
  active_le: string | null
  bloque_le: string | null
  parti_le: string | null
  derniere_connexion_le: string | null
}

/** Whether an account lets its owner in, and why not; `jamais`: it is open and nobody came yet. */
export function etatOf(compte: Dates, today: string): Etat {
  if (compte.parti_le !== null && compte.parti_le <= today) return 'parti'
  if (compte.bloque_le !== null) return 'bloque'
  if (compte.active_le === null) return 'invite'
  return compte.derniere_connexion_le === null ? 'jamais' : 'actif'
}

export const ETATS: Record<Etat, { libelle: string; genre: string }> = {
  invite: { libelle: 'Invité', genre: 'attente' },
  actif: { libelle: 'Actif', genre: 'succes' },
  jamais: { libelle: 'Jamais connecté', genre: 'cours' },
  bloque: { libelle: 'Bloqué', genre: 'erreur' },
  parti: { libelle: 'Parti', genre: 'neutre' },
}

/** A link to nobody helps nobody. @throws Refusal */
export function mustReach(compte: { bloque_le: string | null; courriel: string }): void {
  if (compte.bloque_le !== null) throw new Refusal('Ce compte est bloqué\u00a0: débloquez-le d’abord.')
  if (compte.courriel === '')
    throw new Refusal('Ce compte n’a pas d’adresse électronique\u00a0: aucun lien ne peut partir.')
}

/** What Postgres refuses of a new account, in words; a full quota says its own. @throws what it said when it was something else */
export function refusedAccount(error: unknown, taken: Refusal): never {
  throw brokenConstraint(error) === 'utilisateurs_login' ? taken : error
}
