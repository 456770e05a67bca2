import type { Db } from '../../kernel/db.ts'
import { type Sql, nothing, sql } from '../../kernel/sql.ts'
import type { Formation, FormationFiche } from './formation.ts'

const COLUMNS = sql`f.id, f.titre, f.resume, f.lieu, f.adresse, f.debut, f.fin, f.duree_minutes, f.places, f.inscrits,
  f.attente, f.annulee_le, i.id is not null and i.attente_depuis is null as inscrit, i.attente_depuis is not null as en_attente`

function from(db: Db): Sql {
  return sql`formations f left join inscriptions i on i.organisme_id = f.organisme_id and i.formation_id = f.id
    and i.annulee_le is null and i.adherent_id = ${db.context.adherentId ?? null}`
}

/** For the home page, in one query: the next sessions, with their places and whether the adhérent is enrolled. */
export function prochainesFormations(db: Db, n: number): Promise<Formation[]> {
  return db.many<Formation>(sql`select ${COLUMNS} from ${from(db)}
    where f.debut > now() and f.annulee_le is null order by f.debut, f.id limit ${n}`)
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
    where ${inscrit ? sql`i.id is not null` : sql`f.fin > now() and (f.annulee_le is null or i.id is not null)`}
      ${apres === undefined && avant === undefined ? nothing : beyond}
    order by ${towardsLater ? sql`f.debut, f.id` : sql`f.debut desc, f.id desc`} limit ${limit}`)
}

/** @throws NotFound */
export function readFormation(db: Db, id: string): Promise<FormationFiche> {
  return db.one<FormationFiche>(sql`select ${COLUMNS}, f.programme, f.public_vise, f.intervenant, f.tarif,
      f.motif_annulation, i.presence, case when i.attente_depuis is not null then app.rang_attente(i.id) end as rang
    from ${from(db)} where f.id = ${id}`)
}

/**
 * Enrols an adhérent, or puts him on the waiting list: Postgres decides under the lock of the session. Nothing when he
 * is there already. @returns whether he waits
 */
export async function insertInscription(db: Db, formationId: string, adherentId: string): Promise<boolean> {
  await db.run(sql`insert into inscriptions (formation_id, adherent_id) values (${formationId}, ${adherentId})
    on conflict (organisme_id, formation_id, adherent_id) where annulee_le is null do nothing`)
  const row = await db.one<{
    waits: boolean
  }>(sql`select attente_depuis is not null as waits from inscriptions
    where formation_id = ${formationId} and adherent_id = ${adherentId} and annulee_le is null`)
  return row.waits
}

export interface Presence {
  formation_id: string
  titre: string
  lieu: string
  adresse: string[]
  debut: string
  fin: string
  duree_minutes: number
  intervenant: string
  adherent_id: string
  numero: string
  civilite: string
  denomination: string
}

/** Who was there, for his attestation. @throws NotFound when he was not, or when nobody has said yet. */
export function readAttendance(
  db: Db,
  formationId: string,
  who: { adherentId: string } | { inscriptionId: string },
): Promise<Presence> {
  const whose =
    'adherentId' in who ? sql`i.adherent_id = ${who.adherentId}` : sql`i.id = ${who.inscriptionId}`
  return db.one<Presence>(sql`select f.id as formation_id, f.titre, f.lieu, f.adresse, f.debut, f.fin, f.duree_minutes,
      f.intervenant, a.id as adherent_id, a.numero, a.civilite, a.denomination
    from formations f join inscriptions i on i.organisme_id = f.organisme_id and i.formation_id = f.id
    join adherents a on a.organisme_id = i.organisme_id and a.id = i.adherent_id
    where f.id = ${formationId} and ${whose} and i.presence = 'present' and i.annulee_le is null`)
}

/** Gives free places to those who wait, first come first served. @returns whom to tell */
export function fillPlaces(
  db: Db,
  formationId: string,
): Promise<{ inscription: string; utilisateur: string }[]> {
  return db.many<{ inscription: string; utilisateur: string }>(
    sql`select inscription, utilisateur from app.attribuer_places(${formationId})`,
  )
}

/** Gives the place back. @returns false when he was not enrolled. */
export async function cancelInscription(db: Db, formationId: string, adherentId: string): Promise<boolean> {
  await db.run(sql`select app.verrouiller_formation(${formationId})`)
  const rows = await db.run(sql`update inscriptions set annulee_le = now(), annulee_par = app.utilisateur_id()
    where formation_id = ${formationId} and adherent_id = ${adherentId} and annulee_le is null`)
  return rows > 0
}
