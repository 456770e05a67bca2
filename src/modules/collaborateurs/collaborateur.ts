import { Refusal } from '../../kernel/errors.ts'
import type { Utilisateur } from '../../kernel/page.ts'

/** Somebody of the firm, as those who answer for it see him. */
export interface Collaborateur {
  id: string
  login: string
  civilite: string
  nom: string
  prenom: string
  fonction: string
  courriel: string
  role: 'collaborateur' | 'superviseur'
  cree_le: string
  active_le: string | null
  bloque_le: string | null
  parti_le: string | null
  derniere_connexion_le: string | null
}

export type EtatCompte = 'parti' | 'bloque' | 'ferme' | 'invite' | 'actif'

/** Whether he can log in, and why not. @param comptes whether the firm has switched the accounts on */
export function etatCompte(c: Collaborateur, comptes: boolean, today: string): EtatCompte {
  if (isGone(c, today)) return 'parti'
  if (c.bloque_le !== null) return 'bloque'
  if (!comptes) return 'ferme'
  return c.active_le === null ? 'invite' : 'actif'
}

export const COMPTES: Record<EtatCompte, { libelle: string; genre: string }> = {
  parti: { libelle: 'Parti', genre: 'neutre' },
  bloque: { libelle: 'Bloqué', genre: 'erreur' },
  ferme: { libelle: 'Comptes désactivés', genre: 'neutre' },
  invite: { libelle: 'Invité', genre: 'attente' },
  actif: { libelle: 'Actif', genre: 'succes' },
}

/** From the day of the departure on, he no longer comes in. */
export function isGone(c: Pick<Collaborateur, 'parti_le'>, today: string): boolean {
  return c.parti_le !== null && c.parti_le <= today
}

/** Only the firm itself touches its superviseurs, and nobody himself. @throws Refusal */
export function mustManage(user: Utilisateur, who: Pick<Collaborateur, 'id' | 'role'>): void {
  if (!mayManage(user, who))
    throw new Refusal(
      who.id === user.id
        ? 'Vous ne pouvez pas faire cela de votre propre compte : le compte du cabinet le peut.'
        : 'Seul le compte du cabinet peut agir sur un superviseur.',
    )
}

export function mayManage(user: Utilisateur, who: Pick<Collaborateur, 'id' | 'role'>): boolean {
  return user.id !== who.id && (user.role === 'cabinet' || who.role === 'collaborateur')
}

/** @throws Refusal when he has left or is about to */
export function mustStay(c: Pick<Collaborateur, 'parti_le'>): void {
  if (c.parti_le !== null) throw new Refusal('Le départ de ce collaborateur est enregistré.')
}

/** A last day far from now is a slip of the keyboard. @throws Refusal */
export function mustBeNear(le: string, today: string): void {
  const days = Math.abs(Date.parse(le) - Date.parse(today)) / 86_400_000
  if (days > 366) throw new Refusal('Cette date est à plus d’un an d’aujourd’hui. Vérifiez l’année.', 'le')
}
