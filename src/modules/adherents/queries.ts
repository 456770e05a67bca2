import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import { PLAFOND_RECHERCHE, type Question, type Tri, apresPrefixe } from './liste.ts'

/** Beyond that many, the list says « plus de ». */
export const PLAFOND_COMPTE = 1000

export interface Ligne {
  id: string
  numero: string
  civilite: string
  denomination: string
  professions: string[]
  categorie: string
  ville: string
  perte_qualite_le: string | null
  cabinet_numero: string | null
  cabinet_nom: string | null
  compte: { active_le: string | null; bloque_le: string | null } | null
}

/** A page of the list, one row more than asked; reversed when what stands before a cursor is asked. */
export function listAdherents(db: Db, q: Question, limit: number): Promise<Ligne[]> {
  return selectAdherents<Ligne>(db, LIGNE, q, limit)
}

const LIGNE = sql`a.id, a.numero, a.civilite, a.denomination, a.professions, a.categorie, a.ville, a.perte_qualite_le,
  s.numero as cabinet_numero, s.nom as cabinet_nom`

/** The same rows with other columns beside their account. */
export function selectAdherents<Row>(db: Db, columns: Sql, q: Question, limit: number): Promise<Row[]> {
  const back = q.avant !== undefined
  const up = (q.sens === 'asc') !== back
  const where = conditions(q)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    const place = sql`(select ${keys(q.tri, 'b')} from adherents b where b.id = ${from})`
    where.push(up ? sql`(${keys(q.tri, 'a')}) > ${place}` : sql`(${keys(q.tri, 'a')}) < ${place}`)
  }
  return db.many<Row>(sql`select ${columns}, ${COMPTE} as compte
    from adherents a left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
    where ${join(where, ' and ')} order by ${order(q.tri, up)} limit ${limit}`)
}

const COMPTE = sql`(select json_build_object('active_le', u.active_le, 'bloque_le', u.bloque_le)
  from utilisateurs u where u.organisme_id = a.organisme_id and u.adherent_id = a.id order by u.cree_le limit 1)`

/** How many there are, counted no further than a thousand. */
export async function countAdherents(db: Db, q: Question): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select from adherents a where ${join(conditions(q), ' and ')} limit ${PLAFOND_COMPTE}) as premiers`)
  return n
}

function keys(tri: Tri, table: 'a' | 'b'): Sql {
  const columns: Record<Tri, Record<'a' | 'b', Sql>> = {
    numero: { a: sql`a.numero_tri, a.id`, b: sql`b.numero_tri, b.id` },
    nom: { a: sql`a.recherche, a.id`, b: sql`b.recherche, b.id` },
    ville: { a: sql`a.ville, a.recherche, a.id`, b: sql`b.ville, b.recherche, b.id` },
  }
  return columns[tri][table]
}

function order(tri: Tri, up: boolean): Sql {
  if (up) return keys(tri, 'a')
  if (tri === 'ville') return sql`a.ville desc, a.recherche desc, a.id desc`
  return tri === 'numero' ? sql`a.numero_tri desc, a.id desc` : sql`a.recherche desc, a.id desc`
}

function conditions(q: Question): Sql[] {
  const list = [sql`true`]
  // A prefix as a range: LIKE would not use the index behind a policy.
  if (q.numero !== '') list.push(sql`a.numero >= ${q.numero} and a.numero < ${apresPrefixe(q.numero)}`)
  if (q.nom !== '') list.push(sql`a.id in (select app.chercher_adherents(${q.nom}, ${PLAFOND_RECHERCHE}))`)
  if (q.categorie !== '') list.push(sql`a.categorie = ${q.categorie}`)
  if (q.cabinet === 'aucun') list.push(sql`a.structure_id is null`)
  else if (q.cabinet !== '') list.push(sql`a.structure_id = ${q.cabinet}`)
  if (q.compte === 'sans') {
    list.push(
      sql`not exists (select from utilisateurs u where u.organisme_id = a.organisme_id and u.adherent_id = a.id)`,
    )
  }
  return list
}

/** The firms for the filter; there are at most some hundreds. */
export function listCabinets(db: Db): Promise<{ id: string; numero: string; nom: string }[]> {
  return db.many(
    sql`select id, numero, nom from structures where nature = 'cabinet' order by numero limit 2000`,
  )
}

export interface Compte {
  id: string
  login: string
  courriel: string
  cree_le: string
  active_le: string | null
  bloque_le: string | null
  derniere_connexion_le: string | null
}

export interface Fiche {
  id: string
  numero: string
  civilite: string
  denomination: string
  categorie: string
  regime_fiscal: string
  courriel: string
  debut_activite_le: string | null
  adhesion_le: string
  perte_qualite_le: string | null
  numero_dossier: string
  cabinet: { numero: string; nom: string; telephones: string[]; courriel: string } | null
  compte: Compte | null
}

/** An adhérent as the staff sees him, beside his coordinates. @throws NotFound */
export function readFiche(db: Db, id: string): Promise<Fiche> {
  return db.one<Fiche>(sql`select a.id, a.numero, a.civilite, a.denomination, a.categorie, a.regime_fiscal, a.courriel,
      a.debut_activite_le, a.adhesion_le, a.perte_qualite_le, a.numero_dossier,
      (select json_build_object('numero', s.numero, 'nom', s.nom, 'telephones', s.telephones, 'courriel', s.courriel)
        from structures s where s.organisme_id = a.organisme_id and s.id = a.structure_id) as cabinet,
      (select json_build_object('id', u.id, 'login', u.login, 'courriel', u.courriel, 'cree_le', u.cree_le,
          'active_le', u.active_le, 'bloque_le', u.bloque_le, 'derniere_connexion_le', u.derniere_connexion_le)
        from utilisateurs u where u.organisme_id = a.organisme_id and u.adherent_id = a.id
        order by u.cree_le limit 1) as compte
    from adherents a where a.id = ${id}`)
}
