import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import { conditions } from './conditions.ts'
import type { Question, Tri } from './question.ts'
import type { Attente, Situation } from './situation.ts'

/** Beyond that many, the list says « plus de ». */
export const PLAFOND_COMPTE = 1000
/** Adhérents whose dossiers a page brings up to date before it counts; the job takes the rest. */
export const RATTRAPAGE = 500

export type Posee = Question & { exercice: number }

/** Brings up to date what has moved since the last look. Send it before the queries that count, in the same batch. */
export async function rattraper(db: Db, plafond = RATTRAPAGE): Promise<number> {
  return (await db.one<{ n: number }>(sql`select app.suivi_rattraper(${plafond}) as n`)).n
}

/** The years that have dossiers, newest first: a few probes of the index, however many rows there are. */
export async function listExercices(db: Db): Promise<number[]> {
  const rows = await db.many<{ exercice: number }>(sql`with recursive t as (
      (select d.exercice from suivi_dossiers d order by d.exercice desc limit 1)
      union all
      select (select d.exercice from suivi_dossiers d where d.exercice < t.exercice order by d.exercice desc limit 1)
      from t where t.exercice is not null)
    select exercice from t where exercice is not null`)
  return rows.map((row) => row.exercice)
}

/** The tax regimes of a year, by the same leaps; there are a handful. */
export async function listRegimes(db: Db, exercice: number): Promise<string[]> {
  const rows = await db.many<{ regime: string }>(sql`with recursive t as (
      (select d.regime_fiscal as regime from suivi_dossiers d where d.exercice = ${exercice}
        order by d.regime_fiscal limit 1)
      union all
      select (select d.regime_fiscal from suivi_dossiers d where d.exercice = ${exercice} and d.regime_fiscal > t.regime
        order by d.regime_fiscal limit 1) from t where t.regime is not null)
    select regime from t where regime <> '' limit 100`)
  return rows.map((row) => row.regime)
}

/** The professions of a year, by the same leaps. */
export async function listProfessions(db: Db, exercice: number): Promise<string[]> {
  const rows = await db.many<{ profession: string }>(sql`with recursive t as (
      (select d.profession from suivi_dossiers d where d.exercice = ${exercice} order by d.profession limit 1)
      union all
      select (select d.profession from suivi_dossiers d where d.exercice = ${exercice} and d.profession > t.profession
        order by d.profession limit 1) from t where t.profession is not null)
    select profession from t where profession <> '' limit 500`)
  return rows.map((row) => row.profession)
}

export interface Ligne {
  id: string
  adherent_id: string
  numero: string
  denomination: string
  civilite: string
  profession: string
  categorie: string
  regime_fiscal: string
  fin: string
  perte_qualite_le: string | null
  cabinet_numero: string | null
  cabinet_nom: string | null
  situation: Situation
  attente: Attente
  liasse_faite: boolean
  controle_fait: boolean
  compte_rendu_fait: boolean
  attestation_faite: boolean
  dossier_gestion_fait: boolean
  liasse_avant: string | null
  controle_avant: string | null
  compte_rendu_avant: string | null
  dossier_gestion_avant: string | null
  echeance: string | null
  reponse_avant: string | null
  documents_non_lus: number
  courriers_non_lus: number
}

/** A page of dossiers, one row more than asked; reversed when what stands before a cursor is asked. */
export function listDossiers(db: Db, q: Posee, today: string, limit: number): Promise<Ligne[]> {
  const back = q.avant !== undefined
  const up = (q.sens === 'asc') !== back
  const where = conditions(q, today)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    const place = sql`(select ${keys(q.tri, 'x')} from suivi_dossiers x where x.id = ${from})`
    where.push(up ? sql`(${keys(q.tri, 'd')}) > ${place}` : sql`(${keys(q.tri, 'd')}) < ${place}`)
  }
  return db.many<Ligne>(sql`select d.id, d.adherent_id, a.numero, a.denomination, a.civilite, d.profession, d.categorie,
      d.regime_fiscal, d.fin, a.perte_qualite_le, s.numero as cabinet_numero, s.nom as cabinet_nom, d.situation,
      d.attente, d.liasse_faite, d.controle_fait, d.compte_rendu_fait, d.attestation_faite, d.dossier_gestion_fait,
      d.liasse_avant, d.controle_avant, d.compte_rendu_avant, d.dossier_gestion_avant, d.echeance, d.reponse_avant,
      d.documents_non_lus, d.courriers_non_lus
    from (select * from suivi_dossiers d where ${join(where, ' and ')} order by ${order(q.tri, up)} limit ${limit}) d
    join adherents a on a.organisme_id = d.organisme_id and a.id = d.adherent_id
    left join structures s on s.organisme_id = d.organisme_id and s.id = d.structure_id
    order by ${order(q.tri, up)}`)
}

/** How many there are; counted no further than a thousand unless asked. */
export async function countDossiers(
  db: Db,
  q: Posee,
  today: string,
  plafond = PLAFOND_COMPTE,
): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select from suivi_dossiers d where ${join(conditions(q, today), ' and ')} limit ${plafond}) as premiers`)
  return n
}

/** The ids behind a question, no more than `limit`. */
export async function listIds(db: Db, q: Posee, today: string, limit: number): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`select d.id from suivi_dossiers d
    where ${join(conditions(q, today), ' and ')} order by d.numero_tri, d.id limit ${limit}`)
  return rows.map((row) => row.id)
}

/** A dossier without limit comes last: its place is the end of time. */
function keys(tri: Tri, table: 'd' | 'x'): Sql {
  const columns: Record<Tri, Record<'d' | 'x', Sql>> = {
    numero: { d: sql`d.numero_tri, d.id`, x: sql`x.numero_tri, x.id` },
    nom: { d: sql`d.recherche, d.id`, x: sql`x.recherche, x.id` },
    echeance: {
      d: sql`coalesce(d.echeance, '9999-12-31'), d.id`,
      x: sql`coalesce(x.echeance, '9999-12-31'), x.id`,
    },
  }
  return columns[tri][table]
}

function order(tri: Tri, up: boolean): Sql {
  if (up) return keys(tri, 'd')
  if (tri === 'echeance') return sql`coalesce(d.echeance, '9999-12-31') desc, d.id desc`
  return tri === 'nom' ? sql`d.recherche desc, d.id desc` : sql`d.numero_tri desc, d.id desc`
}
