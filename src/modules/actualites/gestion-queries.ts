import type { Db } from '../../kernel/db.ts'
import { type Sql, nothing, sql } from '../../kernel/sql.ts'
import type { Audience } from '../audience/audience.ts'
import type { Actualite, Categorie, Etat } from './actualite.ts'

export interface Contenu extends Audience {
  titre: string
  chapo: string
  categorie: Categorie
  corps: string
  visible_du: string
  visible_au: string | null
  epinglee_jusqu_au: string | null
  /** The structures that it is reserved to; everybody's when empty. */
  pour_cabinets: string[]
}

export interface Geree extends Contenu, Pick<Actualite, 'id'> {
  publiee_le: string | null
  retiree_le: string | null
  modifie_le: string
  modifie_par_nom: string | null
  revision: number
  /** « CNS1 – Cabinet Morlaix » for each. */
  cabinets: string[]
}

const COLUMNS = sql`a.id, a.titre, a.chapo, a.categorie, a.corps, a.pour_roles, a.pour_professions, a.visible_du,
  a.visible_au, a.epinglee_jusqu_au, a.publiee_le, a.retiree_le, a.modifie_le, a.revision, a.pour_cabinets,
  array(select s.numero || ' – ' || s.nom from structures s
    where s.organisme_id = a.organisme_id and s.id = any(a.pour_cabinets) order by s.numero) as cabinets,
  (select concat_ws(' ', u.prenom, u.nom) from utilisateurs u where u.id = a.modifie_par) as modifie_par_nom`

const STATES: Record<Etat, Sql> = {
  brouillon: sql`a.publiee_le is null`,
  programmee: sql`a.publiee_le is not null and a.retiree_le is null and a.visible_du > app.aujourdhui()`,
  publiee: sql`a.publiee_le is not null and a.retiree_le is null and a.visible_du <= app.aujourdhui()
    and coalesce(a.visible_au >= app.aujourdhui(), true)`,
  expiree: sql`a.publiee_le is not null and a.retiree_le is null and a.visible_au < app.aujourdhui()`,
  retiree: sql`a.retiree_le is not null`,
}

export interface Question {
  q: string
  etat?: Etat | undefined
  categorie?: Categorie | undefined
  apres?: string | undefined
  avant?: string | undefined
  limit: number
}

/** Newest first; oldest first when what stands before a cursor is asked. */
export function listGerees(db: Db, asked: Question): Promise<Geree[]> {
  const { q, etat, categorie, apres, avant, limit } = asked
  const place = sql`(select b.visible_du, b.id from actualites b where b.id = ${apres ?? avant ?? null})`
  const beyond =
    apres !== undefined
      ? sql`and (a.visible_du, a.id) < ${place}`
      : avant !== undefined
        ? sql`and (a.visible_du, a.id) > ${place}`
        : nothing
  const words =
    q === ''
      ? nothing
      : sql`and position(app.sans_accent(${q}) in app.sans_accent(a.titre || ' ' || a.chapo)) > 0`
  return db.many<Geree>(sql`select ${COLUMNS} from actualites a
    where ${etat === undefined ? sql`true` : STATES[etat]} ${words}
      ${categorie === undefined ? nothing : sql`and a.categorie = ${categorie}`} ${beyond}
    order by ${avant === undefined ? sql`a.visible_du desc, a.id desc` : sql`a.visible_du, a.id`} limit ${limit}`)
}

/** @throws NotFound */
export function readGeree(db: Db, id: string): Promise<Geree> {
  return db.one<Geree>(sql`select ${COLUMNS} from actualites a where a.id = ${id}`)
}

/** @throws NotFound */
export function lockGeree(db: Db, id: string): Promise<Geree> {
  return db.one<Geree>(sql`select ${COLUMNS} from actualites a where a.id = ${id} for update of a`)
}

export async function insertActualite(db: Db, c: Contenu): Promise<string> {
  const { id } = await db.one<{
    id: string
  }>(sql`insert into actualites (titre, chapo, categorie, corps, pour_roles,
      pour_professions, visible_du, visible_au, epinglee_jusqu_au, pour_cabinets)
    values (${c.titre}, ${c.chapo}, ${c.categorie}, ${c.corps}, ${c.pour_roles}, ${c.pour_professions}, ${c.visible_du},
      ${c.visible_au}, ${c.epinglee_jusqu_au}, ${c.pour_cabinets}) returning id`)
  return id
}

const TOUCHED = sql`modifie_par = app.utilisateur_id(), modifie_le = now(), revision = revision + 1`

export async function updateActualite(db: Db, id: string, c: Contenu): Promise<void> {
  await db.run(sql`update actualites set titre = ${c.titre}, chapo = ${c.chapo}, categorie = ${c.categorie},
    corps = ${c.corps}, pour_roles = ${c.pour_roles}, pour_professions = ${c.pour_professions},
    visible_du = ${c.visible_du}, visible_au = ${c.visible_au}, epinglee_jusqu_au = ${c.epinglee_jusqu_au},
    pour_cabinets = ${c.pour_cabinets}, ${TOUCHED}
    where id = ${id}`)
}

/** Shown from its first day on; what was withdrawn comes back. */
export async function publishActualite(db: Db, id: string): Promise<void> {
  await db.run(sql`update actualites set publiee_le = coalesce(publiee_le, now()),
    publiee_par = coalesce(publiee_par, app.utilisateur_id()), retiree_le = null, retiree_par = null where id = ${id}`)
}

export async function withdrawActualite(db: Db, id: string): Promise<void> {
  await db.run(
    sql`update actualites set retiree_le = now(), retiree_par = app.utilisateur_id(), ${TOUCHED} where id = ${id}`,
  )
}
