import { type Db, brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { sql } from '../../kernel/sql.ts'

/** A second factor that somebody of the staff asks to take away, until another one confirms it. */
export interface Retrait {
  id: string
  utilisateur_id: string
  role: string
  login: string
  nom: string
  adherent_id: string | null
  motif: string
  demande_par: string
  demandeur: string
  demande_le: string
  expire_le: string
}

const COLUMNS = sql`r.id, r.utilisateur_id, u.role, u.login, trim(u.prenom || ' ' || u.nom) as nom, u.adherent_id, r.motif,
  r.demande_par, trim(p.prenom || ' ' || p.nom) as demandeur, r.demande_le, r.expire_le`
const FROM = sql`from retraits_second_facteur r
  join utilisateurs u on u.organisme_id = r.organisme_id and u.id = r.utilisateur_id
  join utilisateurs p on p.organisme_id = r.organisme_id and p.id = r.demande_par`
const OPEN = sql`r.confirme_le is null and r.refuse_le is null and r.expire_le > now()`

/** Those that wait for the second person, the oldest first. */
export function listRetraits(db: Db): Promise<Retrait[]> {
  return db.many<Retrait>(sql`select ${COLUMNS} ${FROM} where ${OPEN} order by r.demande_le limit 200`)
}

export async function countRetraits(db: Db): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    sql`select count(*)::int as n from retraits_second_facteur r where ${OPEN}`,
  )
  return n
}

/** What waits for this account, or undefined. */
export function openRetrait(db: Db, utilisateurId: string): Promise<Retrait | undefined> {
  return db.maybe<Retrait>(
    sql`select ${COLUMNS} ${FROM} where r.utilisateur_id = ${utilisateurId} and ${OPEN}`,
  )
}

/** @throws NotFound when it is closed, over, or nobody's */
export function readRetrait(db: Db, id: string): Promise<Retrait> {
  return db.one<Retrait>(sql`select ${COLUMNS} ${FROM} where r.id = ${id} and ${OPEN}`)
}

/** The same, kept from changing until the act is over. @throws NotFound */
export function lockRetrait(db: Db, id: string): Promise<Retrait> {
  return db.one<Retrait>(sql`select ${COLUMNS} ${FROM} where r.id = ${id} and ${OPEN} for update of r`)
}

/** @throws Refusal when one waits already */
export async function insertRetrait(db: Db, utilisateurId: string, motif: string): Promise<string> {
  await db.run(sql`update retraits_second_facteur set refuse_le = now(), refuse_par = ${db.context.utilisateurId ?? null}
    where utilisateur_id = ${utilisateurId} and confirme_le is null and refuse_le is null and expire_le <= now()`)
  try {
    const { id } = await db.one<{
      id: string
    }>(sql`insert into retraits_second_facteur (utilisateur_id, motif)
      values (${utilisateurId}, ${motif}) returning id`)
    return id
  } catch (error) {
    if (brokenConstraint(error) !== 'retraits_un_a_la_fois') throw error
    throw new Refusal('Le retrait est déjà demandé\u00a0: une deuxième personne doit le confirmer.')
  }
}

export async function closeRetrait(db: Db, id: string, by: 'confirme' | 'refuse'): Promise<void> {
  const me = db.context.utilisateurId ?? null
  await db.run(
    by === 'confirme'
      ? sql`update retraits_second_facteur set confirme_le = now(), confirme_par = ${me} where id = ${id}`
      : sql`update retraits_second_facteur set refuse_le = now(), refuse_par = ${me} where id = ${id}`,
  )
}

/** Whoever the account belongs to, staff too, with whether a second factor is there. @throws NotFound */
export function lockFactor(
  db: Db,
  id: string,
): Promise<{
  id: string
  role: string
  login: string
  nom: string
  adherent_id: string | null
  facteur: boolean
}> {
  return db.one(sql`select u.id, u.role, u.login, trim(u.prenom || ' ' || u.nom) as nom, u.adherent_id, exists (select from acces.secrets x
      where x.organisme_id = u.organisme_id and x.utilisateur_id = u.id and x.totp_confirme_le is not null) as facteur
    from utilisateurs u where u.id = ${id} and u.role <> 'operateur' for update`)
}
