import { brokenConstraint, type Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { sql } from '../../kernel/sql.ts'

/** An account, kept from changing until the act is over. */
export interface CompteVerrouille {
  id: string
  adherent_id: string
  login: string
  nom: string
  courriel: string
  active_le: string | null
  bloque_le: string | null
}

const COLUMNS = sql`id, adherent_id, login, trim(prenom || ' ' || nom) as nom, courriel, active_le, bloque_le`

/** @throws NotFound when the adhérent has none, or is not seen from here. */
export async function lockCompte(db: Db, adherentId: string): Promise<CompteVerrouille> {
  return db.one<CompteVerrouille>(sql`select ${COLUMNS} from utilisateurs where adherent_id = ${adherentId}
    order by cree_le limit 1 for update`)
}

/** Anybody's account. @throws NotFound */
export async function lockCompteById(
  db: Db,
  id: string,
): Promise<Omit<CompteVerrouille, 'adherent_id'> & { adherent_id: string | null }> {
  return db.one(sql`select ${COLUMNS} from utilisateurs where id = ${id} for update`)
}

interface Adherent {
  id: string
  numero: string
  civilite: string
  denomination: string
}

/**
 * Creates the account of an adhérent: his number is his log-in, and a link will let him choose his password.
 * @throws NotFound when the adhérent is not seen from here; Refusal when he has an account already.
 */
export async function createCompte(db: Db, adherentId: string, courriel: string): Promise<string> {
  const adherent = await db.one<Adherent>(
    sql`select id, numero, civilite, denomination from adherents where id = ${adherentId} for update`,
  )
  const there = await db.maybe(sql`select from utilisateurs where adherent_id = ${adherentId}`)
  if (there) throw new Refusal('Cet adhérent a déjà un compte. Rechargez la page pour le voir.')
  try {
    const { id } = await db.one<{ id: string }>(sql`
      insert into utilisateurs (login, courriel, civilite, nom, role, adherent_id)
      values (${adherent.numero}, ${courriel}, ${adherent.civilite}, ${adherent.denomination}, 'adherent', ${adherentId})
      returning id`)
    return id
  } catch (error) {
    if (brokenConstraint(error) !== 'utilisateurs_login') throw error
    throw new Refusal(`L’identifiant ${adherent.numero} sert déjà à un autre compte.`)
  }
}

export async function setCourriel(db: Db, utilisateurId: string, courriel: string): Promise<void> {
  await db.run(sql`update utilisateurs set courriel = ${courriel} where id = ${utilisateurId}`)
}

export async function block(db: Db, utilisateurId: string): Promise<void> {
  await db.run(sql`update utilisateurs set bloque_le = clock_timestamp() where id = ${utilisateurId}`)
}

export async function unblock(db: Db, utilisateurId: string): Promise<void> {
  await db.run(sql`update utilisateurs set bloque_le = null where id = ${utilisateurId}`)
}
