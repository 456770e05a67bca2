import type { Db } from '../db.ts'
import { NotFound } from '../errors.ts'
import { queueMail } from '../mail/queue.ts'
import { sql } from '../sql.ts'
import { createToken, revokeTokens } from './tokens.ts'

/** What an invitation was made for: when any of it has changed since, the link opens nothing. */
export function activationBinding(account: {
  courriel: string
  role: string
  structureId: string | null
}): Record<string, string> {
  return {
    courriel: account.courriel.toLowerCase(),
    role: account.role,
    structure: account.structureId ?? '',
  }
}

/**
 * Makes the link with which a person chooses a first password: 72 hours, once, voiding those made before.
 * @param db a transaction that sees the person (staff, the cabinet, or `systeme`)
 * @returns the path of the link, to be mailed to the person and shown to nobody else
 * @throws NotFound when the person is not seen from here
 */
export async function createActivation(db: Db, utilisateurId: string): Promise<string> {
  const person = await db.maybe<{ courriel: string; role: string; structureId: string | null }>(
    sql`select courriel, role, structure_id as "structureId" from utilisateurs where id = ${utilisateurId}`,
  )
  if (!person) throw new NotFound('utilisateur')
  return `/activation/${await createToken(db, utilisateurId, 'activation', activationBinding(person))}`
}

/** The same, and mails it. @param template `compte-cree` answers a request of the person, `activation` invites. */
export async function inviteByMail(
  db: Db,
  utilisateurId: string,
  template: 'activation' | 'compte-cree' = 'activation',
): Promise<void> {
  const lien = await createActivation(db, utilisateurId)
  await queueMail(db, {
    key: `activation:${utilisateurId}:${lien.slice(-43)}`,
    template,
    to: utilisateurId,
    data: { lien },
  })
}

/** Takes back an invitation that has not served. */
export function revokeActivation(db: Db, utilisateurId: string): Promise<void> {
  return revokeTokens(db, utilisateurId, 'activation')
}
