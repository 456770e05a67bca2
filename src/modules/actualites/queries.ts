import type { Db } from '../../kernel/db.ts'
import { nothing, sql } from '../../kernel/sql.ts'
import type { Actualite, Categorie } from './actualite.ts'

const PINNED = sql`coalesce(a.epinglee_jusqu_au >= app.aujourdhui(), false)`
const COLUMNS = sql`a.id, a.titre, a.chapo, a.categorie, a.visible_du, ${PINNED} as epinglee`

/** For the home page, in one query: what is pinned first, then the newest. */
export function dernieresActualites(db: Db, n: number): Promise<Actualite[]> {
  return db.many<Actualite>(sql`select ${COLUMNS} from actualites a
    order by ${PINNED} desc, a.visible_du desc, a.id desc limit ${n}`)
}

/** What stands above the list whatever its date. */
export function listPinned(db: Db, categorie: Categorie | undefined): Promise<Actualite[]> {
  return db.many<Actualite>(sql`select ${COLUMNS} from actualites a where ${PINNED} ${ofCategory(categorie)}
    order by a.visible_du desc, a.id desc limit 20`)
}

export interface NewsQuestion {
  categorie: Categorie | undefined
  apres: string | undefined
  avant: string | undefined
  limit: number
}

/** The others, newest first; oldest first when what stands before a cursor is asked. */
export function listActualites(db: Db, question: NewsQuestion): Promise<Actualite[]> {
  const { apres, avant } = question
  const place = sql`(select b.visible_du, b.id from actualites b where b.id = ${apres ?? avant ?? null})`
  const where =
    apres !== undefined
      ? sql`and (a.visible_du, a.id) < ${place}`
      : avant !== undefined
        ? sql`and (a.visible_du, a.id) > ${place}`
        : nothing
  const order = avant === undefined ? sql`a.visible_du desc, a.id desc` : sql`a.visible_du, a.id`
  return db.many<Actualite>(sql`select ${COLUMNS} from actualites a
    where not ${PINNED} ${ofCategory(question.categorie)} ${where} order by ${order} limit ${question.limit}`)
}

function ofCategory(categorie: Categorie | undefined) {
  return categorie === undefined ? nothing : sql`and a.categorie = ${categorie}`
}

/** @throws NotFound when it is not for this person, not yet or no longer shown. */
export function readActualite(db: Db, id: string): Promise<Actualite & { corps: string }> {
  return db.one<Actualite & { corps: string }>(
    sql`select ${COLUMNS}, a.corps from actualites a where a.id = ${id}`,
  )
}
