import type { Acces, Context, Db, Role } from '../db.ts'
import { writeJournal } from '../journal.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'

/** Somebody who may log in, with what the steps of logging in need. Blocked people and those who left are not found. */
export interface Account {
  id: string
  organismeId: string
  role: Role
  login: string
  courriel: string
  civilite: string
  nom: string
  prenom: string
  adherentId: string | null
  structureId: string | null
  /** Null until the account is activated. */
  passwordHash: string | null
  /** Grows with each password; what was signed for an older one is void. */
  version: number
  secondFactor: boolean
}

const COLUMNS = sql`c.id, c.role, c.login, c.courriel, c.civilite, c.nom, c.prenom, c.adherent_id as "adherentId",
  c.structure_id as "structureId", c.mot_de_passe as "passwordHash", c.version, c.second_facteur as "secondFactor"`

/** Whom a typed number, code or e-mail address designates in one organisme; nobody when two share the address. */
export async function findAccount(
  acces: Acces,
  organismeId: string,
  typed: string,
): Promise<Account | undefined> {
  const row = await acces.maybe<Omit<Account, 'organismeId'>>(sql`
    select ${COLUMNS} from app.identifier(${organismeId}, ${typed}) i, app.compte(${organismeId}, i.id) c`)
  return row && { ...row, organismeId }
}

export async function accountById(
  acces: Acces,
  organismeId: string,
  id: string,
): Promise<Account | undefined> {
  const row = await acces.maybe<Omit<Account, 'organismeId'>>(
    sql`select ${COLUMNS} from app.compte(${organismeId}, ${id}) c`,
  )
  return row && { ...row, organismeId }
}

/** A transaction as that person, for the steps that come before (or without) being logged in. */
export function asPerson<T>(services: Services, account: Account, work: (db: Db) => Promise<T>): Promise<T> {
  const context: Context = {
    organismeId: account.organismeId,
    role: account.role,
    utilisateurId: account.id,
    adherentId: account.adherentId,
    structureId: account.structureId,
  }
  return services.database.inOrganisme(context, work)
}

/** A row of the journal about a person's own access. */
export function noteAccess(
  db: Db,
  account: Pick<Account, 'id' | 'prenom' | 'nom' | 'login' | 'adherentId'> | undefined,
  action: string,
  request: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  return writeJournal(db, account, {
    action,
    objet: 'utilisateurs',
    objetId: account?.id ?? null,
    adherentId: account?.adherentId ?? null,
    detail,
    request,
  })
}
