import { type Db, brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { sql } from '../../kernel/sql.ts'

export interface Acces {
  changeLe: string | null
  secondFacteurLe: string | null
  codesRestants: number
  connexionPrecedenteLe: string | null
  /** New address that waits for its link, or null. */
  courrielAttendu: string | null
}

export function readAcces(db: Db, utilisateurId: string): Promise<Acces> {
  return db.one<Acces>(sql`
    select x.change_le as "changeLe", x.totp_confirme_le as "secondFacteurLe",
      coalesce(cardinality(array_remove(x.codes_de_secours, '')), 0) as "codesRestants",
      x.connexion_precedente_le as "connexionPrecedenteLe",
      (select j.donnees ->> 'courriel' from acces.jetons j
        where j.organisme_id = x.organisme_id and j.utilisateur_id = x.utilisateur_id and j.usage = 'courriel'
          and j.utilise_le is null and j.expire_le > now() and j.version = x.version
        order by j.cree_le desc limit 1) as "courrielAttendu"
    from acces.secrets x
    where x.organisme_id = ${db.context.organismeId} and x.utilisateur_id = ${utilisateurId}`)
}

export function readFonction(db: Db, utilisateurId: string): Promise<{ fonction: string }> {
  return db.one(sql`select fonction from utilisateurs where id = ${utilisateurId}`)
}

export interface SessionOuverte {
  id: string
  appareil: string
  adresse: string
  ouverteLe: string
  vueLe: string
  courante: boolean
}

/** The open sessions of a person, this one first. @param current fingerprint of the session of the request. */
export function listSessions(db: Db, utilisateurId: string, current: Buffer): Promise<SessionOuverte[]> {
  return db.many<SessionOuverte>(sql`
    select id, appareil, adresse, ouverte_le as "ouverteLe", vue_le as "vueLe", empreinte = ${current} as courante
    from acces.sessions
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${utilisateurId}
      and expire_le > now() and fin_le > now()
    order by courante desc, vue_le desc`)
}

/** Ends one session of this person. @returns 0 when it is not his, or over. */
export function endSession(db: Db, utilisateurId: string, sessionId: string): Promise<number> {
  return db.run(sql`delete from acces.sessions
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${utilisateurId} and id = ${sessionId}`)
}

export function endOtherSessions(db: Db, utilisateurId: string, current: Buffer): Promise<number> {
  return db.run(sql`delete from acces.sessions
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${utilisateurId} and empreinte <> ${current}`)
}

/**
 * Puts a new address in force. Who logs in with the address goes on doing so, with the new one.
 * @throws Refusal when another account logs in with it.
 */
export async function setCourriel(db: Db, utilisateurId: string, courriel: string): Promise<void> {
  try {
    await db.run(sql`update utilisateurs set courriel = ${courriel},
        login = case when lower(login) = lower(courriel) then ${courriel} else login end
      where id = ${utilisateurId}`)
  } catch (error) {
    if (brokenConstraint(error) !== 'utilisateurs_login') throw error
    throw new Refusal('Cette adresse est déjà celle d’un autre compte.')
  }
}
