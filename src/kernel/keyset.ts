import { z } from 'zod'
import { type Query, lien } from './views.ts'

/*
 * Lists are read by keyset: a page begins after the last row of the page before, so that the hundredth page
 * costs what the first one does. The cursor is what names a row in its list: its id, or its number.
 */

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The address of a page of a list. `rang` is only what the pager says of the first row. */
export function keysetQuery(cursor: RegExp) {
  const optional = z.string().regex(cursor).optional().catch(undefined)
  return { apres: optional, avant: optional, rang: z.coerce.number().int().min(1).max(1_000_000).catch(1) }
}

export interface KeysetPage {
  apres?: string | undefined
  avant?: string | undefined
  rang: number
}

export interface Pager {
  debut: number
  fin: number
  total: number | undefined
  plafond: number | undefined
  precedente: string | null
  suivante: string | null
  nom: string
}

export interface KeysetList<Row> {
  /** One row more than `size`, in the order of the list; reversed when `avant` was asked. */
  rows: readonly Row[]
  size: number
  asked: KeysetPage
  cursor: (row: Row) => string
  path: string
  /** The filters and the sort, which the links keep. */
  query?: Query
  /** How many in all, if it was counted; a capped count stops at `plafond`. */
  total?: number
  plafond?: number
  /** What is listed, for screen readers. */
  nom: string
}

/** The rows to show, in order, and what `macros/pagination.njk` needs. */
export function keysetPage<Row>(list: KeysetList<Row>): { lignes: Row[]; pager: Pager } {
  const { rows, size, asked, cursor, path, query = {} } = list
  const back = asked.avant !== undefined
  const more = rows.length > size
  const lignes = back ? rows.slice(0, size).reverse() : rows.slice(0, size)
  const first = lignes[0]
  const last = lignes.at(-1)
  const before = back ? more : asked.apres !== undefined
  const debut = before ? Math.max(2, asked.rang) : 1
  const link = (changes: Query) => lien(path, query, changes)
  return {
    lignes,
    pager: {
      debut,
      fin: lignes.length === 0 ? 0 : debut + lignes.length - 1,
      total: list.total,
      plafond: list.plafond,
      precedente: before && first ? link({ avant: cursor(first), rang: Math.max(1, debut - size) }) : null,
      suivante: (back || more) && last ? link({ apres: cursor(last), rang: debut + lignes.length }) : null,
      nom: list.nom,
    },
  }
}
