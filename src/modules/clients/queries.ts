import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import { apresPrefixe } from '../adherents/liste.ts'
import { PLAFOND_RECHERCHE, type Question, type Tri } from './liste.ts'

export interface Client {
  id: string
  numero: string
  denomination: string
  professions: string[]
  ville: string
  perte_qualite_le: string | null
}

/** A page of the list, one row more than asked; reversed when what stands before a cursor is asked. */
export function listClients(db: Db, q: Question, limit: number): Promise<Client[]> {
  const back = q.avant !== undefined
  const where = conditions(db, q)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    const place = sql`(select ${keys(q.tri, 'b')} from adherents b where b.id = ${from})`
    where.push(back ? sql`(${keys(q.tri, 'a')}) < ${place}` : sql`(${keys(q.tri, 'a')}) > ${place}`)
  }
  return db.many<Client>(sql`select a.id, a.numero, a.denomination, a.professions, a.ville, a.perte_qualite_le
    from adherents a where ${join(where, ' and ')} order by ${back ? descending(q.tri) : keys(q.tri, 'a')}
    limit ${limit}`)
}

/** How many there are: a firm has some thousands, and is told the exact number (F28). */
export async function countClients(db: Db, q: Pick<Question, 'numero' | 'nom' | 'etat'>): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    sql`select count(*)::int as n from adherents a where ${join(conditions(db, q), ' and ')}`,
  )
  return n
}

const ACTIF = sql`(a.perte_qualite_le is null or a.perte_qualite_le > current_date)`

/** The walls give each person his clients; the firm is named besides, for its index. */
function conditions(db: Db, q: Pick<Question, 'numero' | 'nom' | 'etat'>): Sql[] {
  const list = [sql`a.structure_id = ${db.context.structureId ?? null}`]
  list.push(q.etat === 'anciens' ? sql`not ${ACTIF}` : ACTIF)
  // A prefix as a range: LIKE would not use the index behind a policy.
  if (q.numero !== '') list.push(sql`a.numero >= ${q.numero} and a.numero < ${apresPrefixe(q.numero)}`)
  if (q.nom !== '') list.push(sql`a.id in (select app.chercher_clients(${q.nom}, ${PLAFOND_RECHERCHE}))`)
  return list
}

function keys(tri: Tri, table: 'a' | 'b'): Sql {
  const columns: Record<Tri, Record<'a' | 'b', Sql>> = {
    numero: { a: sql`a.numero_tri, a.id`, b: sql`b.numero_tri, b.id` },
    nom: { a: sql`a.recherche, a.id`, b: sql`b.recherche, b.id` },
    ville: { a: sql`a.ville, a.recherche, a.id`, b: sql`b.ville, b.recherche, b.id` },
    profession: {
      a: sql`coalesce(app.sans_accent(a.professions[1]), ''), a.recherche, a.id`,
      b: sql`coalesce(app.sans_accent(b.professions[1]), ''), b.recherche, b.id`,
    },
  }
  return columns[tri][table]
}

function descending(tri: Tri): Sql {
  switch (tri) {
    case 'numero':
      return sql`a.numero_tri desc, a.id desc`
    case 'nom':
      return sql`a.recherche desc, a.id desc`
    case 'ville':
      return sql`a.ville desc, a.recherche desc, a.id desc`
    case 'profession':
      return sql`coalesce(app.sans_accent(a.professions[1]), '') desc, a.recherche desc, a.id desc`
  }
}

export interface ClientFiche {
  id: string
  numero: string
  civilite: string
  denomination: string
  siret: string
  statut_juridique: string
  professions: string[]
  debut_activite_le: string | null
  adhesion_le: string
  perte_qualite_le: string | null
  adresse_professionnelle: string[]
  adresse_personnelle: string[]
  telephones: string[]
  courriel: string
  numero_dossier: string
  collaborateur: string | null
}

/** A client as his firm sees him. @throws NotFound when he is not a client of this person. */
export function readClient(db: Db, id: string): Promise<ClientFiche> {
  return db.one<ClientFiche>(sql`select a.id, a.numero, a.civilite, a.denomination, a.siret, a.statut_juridique,
      a.professions, a.debut_activite_le, a.adhesion_le, a.perte_qualite_le, a.adresse_professionnelle,
      a.adresse_personnelle, a.telephones, a.courriel, a.numero_dossier,
      (select trim(u.prenom || ' ' || u.nom) from affectations f
        join utilisateurs u on u.organisme_id = f.organisme_id and u.id = f.utilisateur_id
        where f.organisme_id = a.organisme_id and f.adherent_id = a.id and f.jusqu_a is null limit 1) as collaborateur
    from adherents a where a.id = ${id} and a.structure_id = ${db.context.structureId ?? null}`)
}
