import type { Db } from '../../kernel/db.ts'
import { type Sql, nothing, sql } from '../../kernel/sql.ts'
import type { Formation, FormationFiche } from './formation.ts'

const COLUMNS = sql`f.id, f.titre, f.resume, f.lieu, f.adresse, f.debut, f.fin, f.duree_minutes, f.places, f.inscrits,
  i.id is not null as inscrit`

function from(db: Db): Sql {
  return sql`formations f left join inscriptions i on i.organisme_id = f.organisme_id and i.formation_id = f.id
    and i.annulee_le is null and i.adherent_id = ${db.context.adherentId ?? null}`
}

/** For the home page, in one query: the next sessions, with their places and whether the adhérent is enrolled. */
export function prochainesFormations(db: Db, n: number): Promise<Formation[]> {
  return db.many<Formation>(sql`select ${COLUMNS} from ${from(db)}
    where f.debut > now() order by f.debut, f.id limit ${n}`)
}

export interface SessionsQuestion {
  /** Only those where the adhérent is enrolled, past ones too. */
  inscrit: boolean
  apres: string | undefined
  avant: string | undefined
  limit: number
}

/** What is to come, soonest first; or what the adhérent is enrolled in, latest first. */
export function listFormations(db: Db, question: SessionsQuestion): Promise<Formation[]> {
  const { inscrit, apres, avant, limit } = question
  const place = sql`(select g.debut, g.id from formations g where g.id = ${apres ?? avant ?? null})`
  const towardsLater = inscrit ? avant !== undefined : avant === undefined
  const beyond = towardsLater ? sql`and (f.debut, f.id) > ${place}` : sql`and (f.debut, f.id) < ${place}`
  return db.many<Formation>(sql`select ${COLUMNS} from ${from(db)}
    where ${inscrit ? sql`i.id is not null` : sql`f.fin > now()`}
      ${apres === undefined && avant === undefined ? nothing : beyond}
    order by ${towardsLater ? sql`f.debut, f.id` : sql`f.debut desc, f.id desc`} limit ${limit}`)
}

/** @throws NotFound */
export function readFormation(db: Db, id: string): Promise<FormationFiche> {
  return db.one<FormationFiche>(sql`select ${COLUMNS}, f.programme, f.public_vise, f.intervenant, f.tarif
    from ${from(db)} where f.id = ${id}`)
}

/**
 * Enrols the adhérent who asks; nothing when he is already enrolled.
 * @throws the constraint `formations_places` when the session is full.
 */
export async function insertInscription(db: Db, formationId: string, adherentId: string): Promise<void> {
  await db.run(sql`insert into inscriptions (formation_id, adherent_id) values (${formationId}, ${adherentId})
    on conflict (organisme_id, formation_id, adherent_id) where annulee_le is null do nothing`)
}

/** Gives the place back. @returns false when he was not enrolled. */
export async function cancelInscription(db: Db, formationId: string, adherentId: string): Promise<boolean> {
  const rows = await db.run(sql`update inscriptions set annulee_le = now(), annulee_par = app.utilisateur_id()
    where formation_id = ${formationId} and adherent_id = ${adherentId} and annulee_le is null`)
  return rows > 0
}
