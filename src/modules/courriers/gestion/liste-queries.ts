import type { Db } from '../../../kernel/db.ts'
import { type Sql, join, sql } from '../../../kernel/sql.ts'
import type { Courrier } from '../courrier.ts'
import { COLUMNS } from '../liste-queries.ts'

export const ETATS = ['', 'a-traiter', 'en-attente', 'en-retard', 'clos', 'brouillons'] as const
export type Etat = (typeof ETATS)[number]
export const PLAFOND = 1000

export interface Ask {
  etat: Etat
  numero: string
  nom: string
  /** Kind of courrier, or ''. */
  genre: string
  /** Year of the exercice that it is about, or ''. */
  exercice: string
  apres?: string | undefined
  avant?: string | undefined
  today: string
}

export interface LigneGestion extends Courrier {
  adherent_numero: string | null
  adherent_nom: string | null
  structure_nom: string | null
  structure_numero: string | null
  /** Who works through its answer now. */
  prise: string | null
}

const FROM = sql`courriers c left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
  left join structures s on s.organisme_id = c.organisme_id and s.id = c.structure_id`

/** Each state is read in the order in which it is worked through, along an index of its own. */
const ORDER: Record<Etat, { key: Sql; place: Sql; up: boolean }> = {
  '': { key: sql`c.publie_le`, place: sql`x.publie_le`, up: false },
  'a-traiter': { key: sql`c.repondu_le`, place: sql`x.repondu_le`, up: true },
  'en-attente': { key: sql`c.a_repondre_avant`, place: sql`x.a_repondre_avant`, up: true },
  'en-retard': { key: sql`c.a_repondre_avant`, place: sql`x.a_repondre_avant`, up: true },
  clos: { key: sql`c.clos_le`, place: sql`x.clos_le`, up: false },
  brouillons: { key: sql`c.cree_le`, place: sql`x.cree_le`, up: false },
}

export function listGestion(db: Db, q: Ask, limit: number): Promise<LigneGestion[]> {
  const { key, place, up } = ORDER[q.etat]
  const back = q.avant !== undefined
  const forward = up !== back
  const where = conditions(q)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    const at = sql`((select ${place} from courriers x where x.id = ${from}), ${from}::uuid)`
    where.push(forward ? sql`(${key}, c.id) > ${at}` : sql`(${key}, c.id) < ${at}`)
  }
  const order = forward ? sql`${key}, c.id` : sql`${key} desc, c.id desc`
  return db.many<LigneGestion>(sql`select ${COLUMNS}, a.numero as adherent_numero, a.denomination as adherent_nom,
      s.nom as structure_nom, s.numero as structure_numero,
      (select p.nom from courrier_prises p where p.organisme_id = c.organisme_id and p.courrier_id = c.id
        and p.jusqu_a > now() and c.repondu_le is not null and c.clos_le is null) as prise
    from ${FROM} where ${join(where, ' and ')} order by ${order} limit ${limit}`)
}

export async function countGestion(db: Db, q: Ask): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select from courriers c where ${join(conditions(q), ' and ')} limit ${PLAFOND}) as premiers`)
  return n
}

function conditions(q: Ask): Sql[] {
  const pending = sql`c.publie_le is not null and c.repondu_le is null and c.clos_le is null and c.a_repondre_avant is not null`
  const states: Record<Etat, Sql> = {
    '': sql`c.publie_le is not null`,
    'a-traiter': sql`c.repondu_le is not null and c.clos_le is null`,
    'en-attente': pending,
    'en-retard': sql`${pending} and c.a_repondre_avant < ${q.today}`,
    clos: sql`c.publie_le is not null and c.clos_le is not null`,
    brouillons: sql`c.publie_le is null`,
  }
  return [states[q.etat], ...filters(q)]
}

/** By dossier, kind and exercice: what every list of courriers of the staff filters by. */
export function filters(q: Pick<Ask, 'numero' | 'nom' | 'genre' | 'exercice'>): Sql[] {
  const where: Sql[] = []
  // Numbers of adhérents begin with a figure, those of cabinets with a letter: one index or the other, never both.
  if (/^\d/.test(q.numero))
    where.push(sql`c.adherent_id = (select n.id from adherents n where n.numero = ${q.numero})`)
  else if (q.numero !== '')
    where.push(
      sql`c.structure_id = (select n.id from structures n where n.numero = ${q.numero.toUpperCase()})`,
    )
  if (q.nom !== '') where.push(sql`c.adherent_id in (select app.chercher_adherents(${q.nom}, 1000))`)
  if (q.genre !== '') where.push(sql`c.genre = ${q.genre}`)
  if (q.exercice !== '')
    where.push(sql`c.cloture_id in (select l.id from clotures l
      where l.fin between ${`${q.exercice}-01-01`}::date and ${`${q.exercice}-12-31`}::date)`)
  return where
}
