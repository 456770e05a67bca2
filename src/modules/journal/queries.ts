import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import type { Question } from './forms.ts'

export interface Evenement {
  numero: number
  le: string
  acteur: string
  role: string
  action: string
  objet: string
  objet_id: string | null
  adherent_id: string | null
  adherent_numero: string | null
  adherent_nom: string | null
  detail: Record<string, unknown>
  /** Hexadecimal. */
  empreinte: string
}

const COLUMNS = sql`j.numero, j.le, j.acteur, j.role, j.action, j.objet, j.objet_id, j.adherent_id, a.numero as adherent_numero,
  a.denomination as adherent_nom, j.detail, encode(j.empreinte, 'hex') as empreinte`

/** A text is looked for in that many rows at a time: the words of a journal are not worth an index on each of its writes. */
export const FENETRE = 50_000
/** People and adhérents that a name designates; beyond, it designates nobody. */
const MAX_GENS = 200

export interface Tranche {
  rows: Evenement[]
  /** Where the search of a text stopped, when it did before the end. */
  jusque: number | null
}

/** The journal, newest first; oldest first when what stands before a cursor is asked. */
export async function listJournal(db: Db, question: Question, limit: number): Promise<Tranche> {
  const { apres, avant, q } = question
  const where = [...filtres(question)]
  if (apres !== undefined) where.push(sql`j.numero < ${Number(apres)}`)
  else if (avant !== undefined) where.push(sql`j.numero > ${Number(avant)}`)
  const order = avant === undefined ? sql`numero desc` : sql`numero`
  const adherent = sql`left join adherents a on a.organisme_id = j.organisme_id and a.id = j.adherent_id`
  if (q === '') {
    const rows = await db.many<Evenement>(sql`select ${COLUMNS} from journal j ${adherent}
      where ${join(where, ' and ')} order by j.${order} limit ${limit}`)
    return { rows, jusque: null }
  }
  const [rows, edge] = await Promise.all([
    db.many<Evenement>(sql`select ${COLUMNS} from
        (select * from journal j where ${join(where, ' and ')} order by ${order} limit ${FENETRE}) j ${adherent}
      where app.sans_accent(j.acteur || ' ' || j.detail::text) like ${motif(q)} order by j.${order} limit ${limit}`),
    db.maybe<{ numero: number }>(sql`select numero from journal j where ${join(where, ' and ')}
      order by ${order} offset ${FENETRE - 1} limit 1`),
  ])
  return { rows, jusque: rows.length < limit ? (edge?.numero ?? null) : null }
}

function motif(q: string): Sql {
  return sql`'%' || replace(replace(replace(app.sans_accent(${q}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`
}

/** Days become numbers: rows are numbered in the order of time, and everything is read in the order of numbers. */
function filtres({ personne, acte, numero, du, au }: Question): Sql[] {
  const list: Sql[] = [sql`true`]
  if (acte !== '') list.push(sql`j.action = ${acte}`)
  if (numero !== '') {
    list.push(sql`j.adherent_id in (select x.id from adherents x where x.numero = ${numero}
      union all select y from app.chercher_adherents(${numero}, ${MAX_GENS}) y)`)
  }
  if (personne !== '') {
    list.push(sql`j.utilisateur_id in (select u.id from utilisateurs u
      where app.sans_accent(u.login || ' ' || u.prenom || ' ' || u.nom || ' ' || u.courriel) like ${motif(personne)}
      order by u.id limit ${MAX_GENS})`)
  }
  if (du !== '') {
    list.push(sql`j.numero >= (select coalesce(min(x.numero), 9223372036854775807) from
      (select x.numero from journal x where x.le >= ${du}::timestamp at time zone 'Europe/Paris' order by x.le limit 1) x)`)
  }
  if (au !== '') {
    list.push(sql`j.numero <= (select coalesce(max(x.numero), 0) from (select x.numero from journal x
      where x.le < (${au}::date + 1)::timestamp at time zone 'Europe/Paris' order by x.le desc limit 1) x)`)
  }
  return list
}

/** Every row about one thing, oldest first: of a proof. */
export function rowsAbout(db: Db, objetId: string): Promise<Evenement[]> {
  return db.many<Evenement>(sql`select ${COLUMNS} from journal j
    left join adherents a on a.organisme_id = j.organisme_id and a.id = j.adherent_id
    where j.objet_id = ${objetId} order by j.numero limit 2000`)
}

/** Number and hash of the last row, or undefined for an empty journal. */
export function readTete(db: Db): Promise<{ numero: number; empreinte: string; le: string } | undefined> {
  return db.maybe(
    sql`select numero, encode(empreinte, 'hex') as empreinte, le from journal order by numero desc limit 1`,
  )
}

export function ruptureEntre(
  db: Db,
  de: number,
  a: number,
): Promise<{ numero: number; motif: string } | undefined> {
  return db.maybe(sql`select numero, motif from app.journal_rupture(${de}, ${a})`)
}
