import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import { apresPrefixe } from '../adherents/liste.ts'
import { PLAFOND_RECHERCHE, type Recherche, type Tri } from './liste.ts'

export interface Dossier {
  id: string
  numero: string
  denomination: string
  professions: string[]
  ville: string
  perte_qualite_le: string | null
  /** Who has it now. */
  collaborateur_id: string | null
  collaborateur: string | null
  depuis: string | null
}

const NOM = sql`trim(u.prenom || ' ' || u.nom)`
const TENUS = sql`adherents a
  left join affectations f on f.organisme_id = a.organisme_id and f.adherent_id = a.id and f.jusqu_a is null`
const FROM = sql`${TENUS}
  left join utilisateurs u on u.organisme_id = f.organisme_id and u.id = f.utilisateur_id`
const COLUMNS = sql`a.id, a.numero, a.denomination, a.professions, a.ville, a.perte_qualite_le,
  f.utilisateur_id as collaborateur_id, ${NOM} as collaborateur, f.depuis`

/** Who has left the organisme needs nobody any more. */
const ACTIF = sql`(a.perte_qualite_le is null or a.perte_qualite_le > current_date)`

/** A page of dossiers, one row more than asked; reversed when what stands before a cursor is asked. */
export function listDossiers(db: Db, q: Recherche, limit: number): Promise<Dossier[]> {
  const back = q.avant !== undefined
  const where = conditions(db, q)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    const place = sql`(select ${keys(q.tri, 'b')} from adherents b where b.id = ${from})`
    where.push(back ? sql`(${keys(q.tri, 'a')}) < ${place}` : sql`(${keys(q.tri, 'a')}) > ${place}`)
  }
  return db.many<Dossier>(sql`select ${COLUMNS} from ${FROM} where ${join(where, ' and ')}
    order by ${order(q.tri, back)} limit ${limit}`)
}

/** How many there are. */
export async function countDossiers(
  db: Db,
  q: Pick<Recherche, 'portee' | 'numero' | 'nom'>,
): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    sql`select count(*)::int as n from ${TENUS} where ${join(conditions(db, q), ' and ')}`,
  )
  return n
}

/** The numbers of the two lists, the dossiers of nobody (F78) and the others, read together. */
export function countEtats(db: Db): Promise<{ libres: number; affectes: number }> {
  return db.one(sql`select (count(*) filter (where f.id is null and ${ACTIF}))::int as libres, count(f.id)::int as affectes
    from ${TENUS} where a.structure_id = ${db.context.structureId ?? null}`)
}

function conditions(db: Db, q: Pick<Recherche, 'portee' | 'numero' | 'nom'>): Sql[] {
  const list = [sql`a.structure_id = ${db.context.structureId ?? null}`]
  if (q.portee.de === 'personne') list.push(sql`f.id is null`, ACTIF)
  else if (q.portee.de === 'lui') list.push(sql`f.utilisateur_id = ${q.portee.id}`)
  else list.push(sql`f.id is not null`)
  if (q.numero !== '') list.push(sql`a.numero >= ${q.numero} and a.numero < ${apresPrefixe(q.numero)}`)
  if (q.nom !== '') list.push(sql`a.id in (select app.chercher_clients(${q.nom}, ${PLAFOND_RECHERCHE}))`)
  return list
}

function keys(tri: Tri, table: 'a' | 'b'): Sql {
  if (tri === 'numero') return table === 'a' ? sql`a.numero_tri, a.id` : sql`b.numero_tri, b.id`
  return table === 'a' ? sql`a.recherche, a.id` : sql`b.recherche, b.id`
}

function order(tri: Tri, back: boolean): Sql {
  if (!back) return keys(tri, 'a')
  return tri === 'numero' ? sql`a.numero_tri desc, a.id desc` : sql`a.recherche desc, a.id desc`
}

/** A dossier of the firm. @throws NotFound */
export function readDossier(db: Db, id: string): Promise<Dossier> {
  return db.one<Dossier>(sql`select ${COLUMNS} from ${FROM}
    where a.id = ${id} and a.structure_id = ${db.context.structureId ?? null}`)
}

export interface Receveur {
  id: string
  nom: string
  login: string
}

/** To whom a dossier can be given: everybody of the firm who neither left nor announced it, and is not blocked. */
export function listReceveurs(db: Db): Promise<Receveur[]> {
  return db.many<Receveur>(sql`select u.id, ${NOM} as nom, u.login from utilisateurs u
    where u.structure_id = ${db.context.structureId ?? null} and u.role in ('collaborateur', 'superviseur')
      and u.parti_le is null and u.bloque_le is null order by u.nom, u.prenom, u.login limit 1000`)
}

export interface Affectation {
  id: string
  adherent_id: string
  adherent_numero: string
  denomination: string
  collaborateur_id: string
  collaborateur: string
  collaborateur_login: string
  depuis: string
  jusqu_a: string | null
  affecte_par: string | null
  retire_par: string | null
}

/** Past and present, newest first: of a client (F79), or of a collaborateur. */
export function listAffectations(
  db: Db,
  whose: { adherentId: string } | { utilisateurId: string },
  limit: number,
): Promise<Affectation[]> {
  const condition =
    'adherentId' in whose
      ? sql`f.adherent_id = ${whose.adherentId}`
      : sql`f.utilisateur_id = ${whose.utilisateurId}`
  return db.many<Affectation>(sql`select f.id, a.id as adherent_id, a.numero as adherent_numero, a.denomination,
      u.id as collaborateur_id, ${NOM} as collaborateur, u.login as collaborateur_login, f.depuis, f.jusqu_a,
      trim(p.prenom || ' ' || p.nom) as affecte_par, trim(r.prenom || ' ' || r.nom) as retire_par
    from affectations f
    join adherents a on a.organisme_id = f.organisme_id and a.id = f.adherent_id
    join utilisateurs u on u.organisme_id = f.organisme_id and u.id = f.utilisateur_id
    left join utilisateurs p on p.organisme_id = f.organisme_id and p.id = f.affecte_par
    left join utilisateurs r on r.organisme_id = f.organisme_id and r.id = f.retire_par
    where ${condition} and a.structure_id = ${db.context.structureId ?? null}
    order by f.depuis desc, f.id limit ${limit}`)
}
