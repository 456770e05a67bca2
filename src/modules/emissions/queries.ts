import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Genre } from '../documents/document.ts'
import { clotureConditionOf, conditionOf } from '../selections/queries.ts'
import type { Selection } from '../selections/selection.ts'

export interface Vise {
  cloture_id: string
  adherent_id: string
  numero: string
  denomination: string
  fin: string
}

/** The exercices of a selection, in the order of the numbers. */
export function listVises(db: Db, s: Selection, today: string, limit: number): Promise<Vise[]> {
  return db.many<Vise>(sql`select c.id as cloture_id, a.id as adherent_id, a.numero, a.denomination, c.fin
    from adherents a join clotures c on c.organisme_id = a.organisme_id and c.adherent_id = a.id
    where ${conditionOf(s, today)} and ${clotureConditionOf(s)} order by a.numero_tri, c.fin limit ${limit}`)
}

export async function countVises(db: Db, s: Selection, today: string): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from adherents a join clotures c on c.organisme_id = a.organisme_id and c.adherent_id = a.id
    where ${conditionOf(s, today)} and ${clotureConditionOf(s)}`)
  return n
}

/** One line for each exercice of the selection, ready to be made. @returns how many */
export function insertVises(
  db: Db,
  publicationId: string,
  genre: Genre,
  s: Selection,
  today: string,
): Promise<number> {
  return db.run(sql`insert into publication_lignes (publication_id, ordre, numero, exercice, adherent_id, cloture_id, genre,
      verdict, retenue_le)
    select ${publicationId}, row_number() over (order by a.numero_tri, c.fin), a.numero, date_part('year', c.fin)::int, a.id,
      c.id, ${genre}, 'pret', now()
    from adherents a join clotures c on c.organisme_id = a.organisme_id and c.adherent_id = a.id
    where ${conditionOf(s, today)} and ${clotureConditionOf(s)}`)
}
