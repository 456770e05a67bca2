import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { type Zone, zones } from '../coordonnees/zones.ts'

export interface Evenement {
  numero: number
  le: string
  acteur: string
  action: string
  detail: Record<string, unknown>
}

/** What the journal keeps of an adhérent, newest first; reversed when what stands before a cursor is asked. */
export function listEvenements(
  db: Db,
  adherentId: string,
  place: { apres?: string | undefined; avant?: string | undefined },
  limit: number,
): Promise<Evenement[]> {
  const start: Sql =
    place.apres !== undefined
      ? sql`and j.numero < ${Number(place.apres)}`
      : place.avant !== undefined
        ? sql`and j.numero > ${Number(place.avant)}`
        : sql``
  const order = place.avant === undefined ? sql`j.numero desc` : sql`j.numero`
  return db.many<Evenement>(sql`select j.numero, j.le, j.acteur, j.action, j.detail from journal j
    where j.adherent_id = ${adherentId} ${start} order by ${order} limit ${limit}`)
}

/** Which zone, which acknowledgement: what tells two such acts apart. */
export function precisionDe(detail: Record<string, unknown>): string {
  const zone = typeof detail.zone === 'string' ? zones[detail.zone as Zone]?.libelle : undefined
  const accuse = typeof detail.accuse === 'string' ? detail.accuse : undefined
  return zone ?? accuse ?? ''
}
