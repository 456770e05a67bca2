import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import { ROLES_MEMBRES, type RoleMembre, refusedAccount } from './compte.ts'
import type { Question, Tri } from './liste.ts'

/** An account, kept from changing until the act is over. */
export interface CompteVerrouille {
  id: string
  adherent_id: string | null
  structure_id: string | null
  role: RoleMembre
  login: string
  nom: string
  courriel: string
  active_le: string | null
  bloque_le: string | null
  parti_le: string | null
}

const COLUMNS = sql`id, adherent_id, structure_id, role, login, trim(prenom || ' ' || nom) as nom, courriel, active_le,
  bloque_le, parti_le`

const MEMBRE = sql`role = any(${ROLES_MEMBRES})`

/** The account of a member or of somebody of a cabinet; the staff's are not changed from here. @throws NotFound */
export async function lockCompte(db: Db, id: string): Promise<CompteVerrouille> {
  return db.one<CompteVerrouille>(
    sql`select ${COLUMNS} from utilisateurs where id = ${id} and ${MEMBRE} for update`,
  )
}

/** Anybody's account. @throws NotFound */
export async function lockCompteById(db: Db, id: string): Promise<CompteVerrouille> {
  return db.one(sql`select ${COLUMNS} from utilisateurs where id = ${id} for update`)
}

interface Adherent {
  id: string
  numero: string
  civilite: string
  denomination: string
}

/**
 * Creates the account of an adhérent: his number is his log-in, and a link will let him choose his password.
 * @throws NotFound when the adhérent is not seen from here; Refusal when he has an account already.
 */
export async function createCompte(db: Db, adherentId: string, courriel: string): Promise<string> {
  const adherent = await db.one<Adherent>(
    sql`select id, numero, civilite, denomination from adherents where id = ${adherentId} for update`,
  )
  const there = await db.maybe(sql`select from utilisateurs where adherent_id = ${adherentId}`)
  if (there) throw new Refusal('Cet adhérent a déjà un compte. Rechargez la page pour le voir.')
  try {
    const { id } = await db.one<{ id: string }>(sql`
      insert into utilisateurs (login, courriel, civilite, nom, role, adherent_id)
      values (${adherent.numero}, ${courriel}, ${adherent.civilite}, ${adherent.denomination}, 'adherent', ${adherentId})
      returning id`)
    return id
  } catch (error) {
    refusedAccount(error, new Refusal(`L’identifiant ${adherent.numero} sert déjà à un autre compte.`))
  }
}

export async function setCourriel(db: Db, utilisateurId: string, courriel: string): Promise<void> {
  await db.run(sql`update utilisateurs set courriel = ${courriel} where id = ${utilisateurId}`)
}

export async function block(db: Db, utilisateurId: string): Promise<void> {
  await db.run(sql`update utilisateurs set bloque_le = clock_timestamp() where id = ${utilisateurId}`)
}

export async function unblock(db: Db, utilisateurId: string): Promise<void> {
  await db.run(sql`update utilisateurs set bloque_le = null where id = ${utilisateurId}`)
}

/** Beyond that many, the list says « plus de ». */
export const PLAFOND_COMPTE = 1000

export interface Ligne {
  id: string
  login: string
  nom: string
  courriel: string
  role: RoleMembre
  active_le: string | null
  bloque_le: string | null
  parti_le: string | null
  derniere_connexion_le: string | null
  adherent_id: string | null
  cabinet: string | null
  facteur: boolean
}

const FROM = sql`from utilisateurs u
  left join structures s on s.organisme_id = u.organisme_id and s.id = u.structure_id
  left join acces.secrets x on x.organisme_id = u.organisme_id and x.utilisateur_id = u.id`
const LIGNE = sql`u.id, u.login, trim(u.prenom || ' ' || u.nom) as nom, u.courriel, u.role, u.active_le, u.bloque_le,
  u.parti_le, u.derniere_connexion_le, u.adherent_id, s.numero as cabinet, x.totp_confirme_le is not null as facteur`

/** A page of the list, one row more than asked; reversed when what stands before a cursor is asked. */
export function listComptes(db: Db, q: Question, limit: number): Promise<Ligne[]> {
  const back = q.avant !== undefined
  const up = (q.sens === 'asc') !== back
  const where = conditions(q)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    const place = sql`(select ${keys(q.tri, 'b')} from utilisateurs b where b.id = ${from})`
    where.push(up ? sql`(${keys(q.tri, 'u')}) > ${place}` : sql`(${keys(q.tri, 'u')}) < ${place}`)
  }
  return db.many<Ligne>(sql`select ${LIGNE} ${FROM} where ${join(where, ' and ')}
    order by ${order(q.tri, up)} limit ${limit}`)
}

/** How many there are, counted no further than a thousand. */
export async function countComptes(db: Db, q: Question): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select ${FROM} where ${join(conditions(q), ' and ')} limit ${PLAFOND_COMPTE}) as premiers`)
  return n
}

const JAMAIS = sql`'-infinity'::timestamptz`

function keys(tri: Tri, table: 'u' | 'b'): Sql {
  const columns: Record<Tri, Record<'u' | 'b', Sql>> = {
    nom: { u: sql`u.recherche, u.id`, b: sql`b.recherche, b.id` },
    login: { u: sql`u.login_tri, u.id`, b: sql`b.login_tri, b.id` },
    connexion: {
      u: sql`coalesce(u.derniere_connexion_le, ${JAMAIS}), u.id`,
      b: sql`coalesce(b.derniere_connexion_le, ${JAMAIS}), b.id`,
    },
  }
  return columns[tri][table]
}

function order(tri: Tri, up: boolean): Sql {
  if (up) return keys(tri, 'u')
  if (tri === 'login') return sql`u.login_tri desc, u.id desc`
  if (tri === 'nom') return sql`u.recherche desc, u.id desc`
  return sql`coalesce(u.derniere_connexion_le, ${JAMAIS}) desc, u.id desc`
}

function conditions(q: Question): Sql[] {
  const list = [q.role === '' ? sql`u.role = any(${ROLES_MEMBRES})` : sql`u.role = ${q.role}`]
  if (q.mots !== '') list.push(sql`u.id in (select app.chercher_comptes(${q.mots}, ${PLAFOND_COMPTE}))`)
  if (q.facteur === 'avec') list.push(sql`x.totp_confirme_le is not null`)
  if (q.facteur === 'sans') list.push(sql`x.totp_confirme_le is null`)
  const here = sql`(u.parti_le is null or u.parti_le > current_date)`
  if (q.etat === 'parti') list.push(sql`u.parti_le <= current_date`)
  if (q.etat === 'bloque') list.push(here, sql`u.bloque_le is not null`)
  if (q.etat === 'invite') list.push(here, sql`u.bloque_le is null and u.active_le is null`)
  const open = sql`u.bloque_le is null and u.active_le is not null`
  if (q.etat === 'jamais') list.push(here, open, sql`u.derniere_connexion_le is null`)
  if (q.etat === 'actif') list.push(here, open, sql`u.derniere_connexion_le is not null`)
  return list
}

export interface Fiche extends Ligne {
  fonction: string
  cree_le: string
  cabinet_nom: string | null
  adherent_numero: string | null
  facteur_le: string | null
  sessions: number
}

/** An account as the staff sees it. @throws NotFound for the staff's own */
export function readCompte(db: Db, id: string): Promise<Fiche> {
  return db.one<Fiche>(sql`select ${LIGNE}, u.fonction, u.cree_le, s.nom as cabinet_nom, a.numero as adherent_numero,
      x.totp_confirme_le as facteur_le, ${SESSIONS} as sessions
    ${FROM} left join adherents a on a.organisme_id = u.organisme_id and a.id = u.adherent_id
    where u.id = ${id} and u.role = any(${ROLES_MEMBRES})`)
}

/** Open sessions of `u`. */
export const SESSIONS: Sql = sql`(select count(*)::int from acces.sessions o where o.organisme_id = u.organisme_id
  and o.utilisateur_id = u.id and o.expire_le > now() and o.fin_le > now())`

export interface Evenement {
  le: string
  acteur: string
  action: string
  detail: Record<string, unknown>
}

/** What the journal keeps of an account: what was done to it, and what its owner did with it; the last ones. */
export function listEvenements(db: Db, id: string, limit: number): Promise<Evenement[]> {
  return db.many<Evenement>(sql`select j.le, j.acteur, j.action, j.detail from journal j
    where j.objet_id = ${id} and j.objet in ('compte', 'collaborateur', 'utilisateurs', 'personnel')
    order by j.numero desc limit ${limit}`)
}

/** Whether the firm of this account lets its people log in (F72). */
export async function letsIn(db: Db, compte: CompteVerrouille): Promise<boolean> {
  if (compte.role !== 'collaborateur' && compte.role !== 'superviseur') return true
  const { ouverts } = await db.one<{ ouverts: boolean }>(
    sql`select app.comptes_ouverts(${db.context.organismeId}, ${compte.structure_id}) as ouverts`,
  )
  return ouverts
}
