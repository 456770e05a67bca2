import type { Db } from '../../../kernel/db.ts'
import { type Sql, nothing, sql } from '../../../kernel/sql.ts'
import { createCompte } from '../queries.ts'

export interface SansCompte {
  id: string
  numero: string
  denomination: string
  courriel: string
}

/** Members of today without an account. */
const SANS_COMPTE = sql`from adherents a where (a.perte_qualite_le is null or a.perte_qualite_le > current_date)
  and not exists (select from utilisateurs u where u.organisme_id = a.organisme_id and u.adherent_id = a.id)`
const JOIGNABLE = sql`and a.courriel <> ''`
/** His number is the log-in of somebody else. */
const PRIS = sql`exists (select from utilisateurs p where p.organisme_id = a.organisme_id
  and lower(p.login) = lower(a.numero))`

export interface Place {
  apres?: string | undefined
  avant?: string | undefined
}

/** Those who may be invited, by name; backwards when what stands before a cursor is asked. */
export function listSansCompte(db: Db, { apres, avant }: Place, limit: number): Promise<SansCompte[]> {
  const from = apres ?? avant
  const place = sql`(select b.recherche, b.id from adherents b where b.id = ${from ?? null})`
  const start =
    from === undefined
      ? nothing
      : avant === undefined
        ? sql`and (a.recherche, a.id) > ${place}`
        : sql`and (a.recherche, a.id) < ${place}`
  const order = avant === undefined ? sql`a.recherche, a.id` : sql`a.recherche desc, a.id desc`
  return db.many<SansCompte>(sql`select a.id, a.numero, a.denomination, a.courriel ${SANS_COMPTE} ${JOIGNABLE} ${start}
    order by ${order} limit ${limit}`)
}

/** The next of them for the work, with whether the log-in is taken. */
export function listACreer(
  db: Db,
  apres: string | undefined,
  limit: number,
): Promise<{ id: string; pris: boolean }[]> {
  const start =
    apres === undefined
      ? nothing
      : sql`and (a.recherche, a.id) > (select b.recherche, b.id from adherents b where b.id = ${apres})`
  return db.many(sql`select a.id, ${PRIS} as pris ${SANS_COMPTE} ${JOIGNABLE} ${start}
    order by a.recherche, a.id limit ${limit}`)
}

export interface Compte {
  /** With an address and no account. */
  joignables: number
  /** Of those, whose number is the log-in of another account. */
  pris: number
  sansAdresse: number
}

export function countSansCompte(db: Db): Promise<Compte> {
  return db.one<Compte>(sql`select count(*) filter (where a.courriel <> '')::int as joignables,
    count(*) filter (where a.courriel <> '' and ${PRIS})::int as pris,
    count(*) filter (where a.courriel = '')::int as "sansAdresse" ${SANS_COMPTE}`)
}

export interface Places {
  /** null: nothing limits them. */
  prevues: number | null
  prises: number
}

export function readPlaces(db: Db): Promise<Places> {
  return db.one<Places>(sql`select prevues, prises from app.places_de_comptes()`)
}

/** Creates his account unless he has one by now, or has lost his address. @returns its id, or null */
export async function createUnlessThere(db: Db, adherentId: string): Promise<string | null> {
  const adherent = await db.one<{ courriel: string; pris: boolean }>(sql`select a.courriel,
      exists (select from utilisateurs u where u.organisme_id = a.organisme_id and u.adherent_id = a.id) as pris
    from adherents a where a.id = ${adherentId} for update`)
  return adherent.pris || adherent.courriel === '' ? null : createCompte(db, adherentId, adherent.courriel)
}

export const RAISONS = ['places', 'identifiant', 'adresse'] as const
export type Raison = (typeof RAISONS)[number]

/** @param rows who was not invited; said once for each, however often the batch is written */
export async function insertEcartees(
  db: Db,
  travailId: string,
  rows: readonly { id: string; raison: Raison }[],
): Promise<void> {
  if (rows.length === 0) return
  await db.run(sql`insert into invitations_ecartees (travail_id, adherent_id, raison)
    select ${travailId}, e.id, e.raison
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.raison)}::text[]) as e (id, raison)
    on conflict do nothing`)
}

/** @returns how many have no address */
export function insertSansAdresse(db: Db, travailId: string): Promise<number> {
  return db.run(sql`insert into invitations_ecartees (travail_id, adherent_id, raison)
    select ${travailId}, a.id, 'adresse' ${SANS_COMPTE} and a.courriel = '' on conflict do nothing`)
}

export interface Ecartee extends SansCompte {
  raison: Raison
}

/** Whom a work left out, in the order of the numbers, from after one on. */
export function listEcartees(
  db: Db,
  travailId: string,
  apres: string | undefined,
  limit: number,
): Promise<Ecartee[]> {
  const start: Sql =
    apres === undefined
      ? nothing
      : sql`and (a.numero_tri, a.id) > (select b.numero_tri, b.id from adherents b where b.id = ${apres})`
  return db.many<Ecartee>(sql`select a.id, a.numero, a.denomination, a.courriel, e.raison from invitations_ecartees e
    join adherents a on a.organisme_id = e.organisme_id and a.id = e.adherent_id
    where e.travail_id = ${travailId} ${start} order by a.numero_tri, a.id limit ${limit}`)
}
