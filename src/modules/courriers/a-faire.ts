import type { Db } from '../../kernel/db.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { scopeOf } from './scope.ts'
import type { Chose, Source } from '../a-faire/source.ts'

interface Row {
  id: string
  objet: string
  a_repondre_avant: string
  publie_le: string
  numero: string | null
  denomination: string | null
  brouillon: boolean
}

/** Courriers that want an answer of this person's side, those whose answer waits for the superviseur apart. */
export const courriersARepondre: Source = {
  async count(db, user) {
    const { n } = await db.one<{ n: number }>(
      sql`select count(*)::int as n from courriers c where ${waiting(user)}`,
    )
    return n
  },
  async list(db, user, limit) {
    return (await rows(db, user, limit)).map(toChose)
  },
}

function waiting(user: Utilisateur): Sql {
  const { own, aRepondre } = scopeOf(user)
  return sql`${own} and ${aRepondre} and not exists (select from reponses r where r.organisme_id = c.organisme_id
    and r.courrier_id = c.id and r.transmise_le is null and r.rejetee_le is null)`
}

function rows(db: Db, user: Utilisateur, limit: number): Promise<Row[]> {
  return db.many<Row>(sql`select c.id, c.objet, c.a_repondre_avant, c.publie_le, a.numero, a.denomination,
      exists (select from brouillons b where b.organisme_id = c.organisme_id and b.courrier_id = c.id) as brouillon
    from courriers c left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
    where ${waiting(user)} order by c.a_repondre_avant, c.publie_le, c.id limit ${limit}`)
}

function toChose(row: Row): Chose {
  return {
    libelle: row.brouillon ? 'Terminer la réponse au courrier' : 'Répondre au courrier',
    sujet:
      row.denomination === null
        ? row.objet
        : `${row.denomination} (n°\u00a0${row.numero ?? ''}) – ${row.objet}`,
    url: `/courriers/${row.id}`,
    echeance: row.a_repondre_avant,
    depuis: row.publie_le,
  }
}
