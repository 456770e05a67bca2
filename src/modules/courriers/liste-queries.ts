import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import { type Courrier, GENRES, type Marques } from './courrier.ts'
import type { Question, Tri } from './liste.ts'
import type { Scope } from './scope.ts'

/** Searches find no more clients than that. */
const PLAFOND_RECHERCHE = 1000
/** Beyond that many, the archives say « plus de ». */
export const PLAFOND_COMPTE = 1000

export interface Ligne extends Courrier, Marques {
  adherent_numero: string | null
  adherent_nom: string | null
  pdf: boolean
}

export interface Ask {
  scope: Scope
  /** Those not archived, or the archives. */
  archives: boolean
  q: Question
  limit: number
}

/** Where the readers's own marks come from, for the few rows of a page only. */
const MARQUES = (userId: string | null): Sql => sql`
  (select l.premiere_le from courrier_lectures l where l.organisme_id = c.organisme_id and l.courrier_id = c.id
    and l.utilisateur_id = ${userId}) as lu_le,
  exists (select from reponses r where r.organisme_id = c.organisme_id and r.courrier_id = c.id
    and r.transmise_le is null and r.rejetee_le is null) as a_valider,
  exists (select from brouillons b where b.organisme_id = c.organisme_id and b.courrier_id = c.id) as brouillon,
  (select count(*)::int from courrier_questions q where q.organisme_id = c.organisme_id and q.courrier_id = c.id) as questions,
  (select count(*)::int from courrier_questions q where q.organisme_id = c.organisme_id and q.courrier_id = c.id
    and (q.satisfaite_le is not null or exists (select from reponse_lignes l
      join reponses r on r.organisme_id = l.organisme_id and r.id = l.reponse_id
      where l.organisme_id = q.organisme_id and l.question_id = q.id
        and r.transmise_le > coalesce(q.redemandee_le, '-infinity')))) as repondues`

export const COLUMNS = sql`c.id, c.numero, c.adherent_id, c.structure_id, c.destinataire, c.genre, c.objet,
  c.a_repondre_avant, c.origine_id, c.publie_le, c.repondu_le, c.archive_adherent_le, c.archive_cabinet_le, c.clos_le`

/** A page of the list, one row more than asked; reversed when what stands before a cursor is asked. */
export function listCourriers(db: Db, { scope, archives, q, limit }: Ask): Promise<Ligne[]> {
  const back = q.avant !== undefined
  const up = (q.tri !== 'recents') !== back
  const where = conditions(scope, archives, q)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    // By date the place is plain values, which an index takes; the other sorts are of what is new, and short.
    const place = byDate(q.tri)
      ? sql`((select x.publie_le from courriers x where x.id = ${from}), ${from}::uuid)`
      : sql`(select ${keys(q.tri)} from ${FROM} where c.id = ${from})`
    where.push(up ? sql`(${keys(q.tri)}) > ${place}` : sql`(${keys(q.tri)}) < ${place}`)
  }
  const order = up ? keys(q.tri) : descending(q.tri)
  return db.many<Ligne>(sql`with page as materialized (
      select c.id as page_id, row_number() over (order by ${order}) as rang from ${sorted(q.tri)}
      where ${join(where, ' and ')} order by ${order} limit ${limit})
    select ${COLUMNS}, a.numero as adherent_numero, a.denomination as adherent_nom, c.fichier_id is not null as pdf,
      ${MARQUES(db.context.utilisateurId ?? null)}
    from page join ${FROM} on c.id = page.page_id order by page.rang`)
}

/** How many rows the list has in all; of the archives, counted no further than a thousand. */
export async function countListed(db: Db, { scope, archives, q }: Omit<Ask, 'limit'>): Promise<number> {
  const where = join(conditions(scope, archives, q), ' and ')
  const { n } = await db.one<{ n: number }>(
    archives
      ? sql`select count(*)::int as n from (select from courriers c where ${where} limit ${PLAFOND_COMPTE}) as premiers`
      : sql`select count(*)::int as n from courriers c where ${where}`,
  )
  return n
}

const FROM = sql`courriers c left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id`

/** Only two sorts read the clients; a join that nothing reads still costs, behind policies. */
const sorted = (tri: Tri): Sql => (tri === 'numero' || tri === 'nom' ? FROM : sql`courriers c`)

function conditions(scope: Scope, archives: boolean, q: Question): Sql[] {
  const where = [scope.own, archives ? scope.archive : scope.nouveau]
  if (q.pour !== '')
    where.push(q.pour === 'adherent' ? sql`c.adherent_id is not null` : sql`c.adherent_id is null`)
  if (q.filtre === 'a-repondre') where.push(scope.aRepondre)
  if (q.filtre === 'sans') where.push(sql`not ${scope.aRepondre}`)
  if (q.numero !== '')
    where.push(sql`c.adherent_id = (select n.id from adherents n where n.numero = ${q.numero})`)
  if (q.nom !== '')
    where.push(sql`c.adherent_id in (select app.chercher_clients(${q.nom}, ${PLAFOND_RECHERCHE}))`)
  return where
}

const byDate = (tri: Tri): boolean => tri === 'recents' || tri === 'anciens'

/** Ascending keys of each sort; ties are always broken by the id. */
function keys(tri: Tri): Sql {
  switch (tri) {
    case 'recents':
    case 'anciens':
      return sql`c.publie_le, c.id`
    case 'numero':
      return sql`coalesce(a.numero_tri, ''), -extract(epoch from c.publie_le), c.id`
    case 'nom':
      return sql`coalesce(a.recherche, ''), -extract(epoch from c.publie_le), c.id`
    case 'type':
      return sql`array_position(${GENRES}::text[], c.genre), -extract(epoch from c.publie_le), c.id`
  }
}

function descending(tri: Tri): Sql {
  switch (tri) {
    case 'recents':
    case 'anciens':
      return sql`c.publie_le desc, c.id desc`
    case 'numero':
      return sql`coalesce(a.numero_tri, '') desc, -extract(epoch from c.publie_le) desc, c.id desc`
    case 'nom':
      return sql`coalesce(a.recherche, '') desc, -extract(epoch from c.publie_le) desc, c.id desc`
    case 'type':
      return sql`array_position(${GENRES}::text[], c.genre) desc,
        -extract(epoch from c.publie_le) desc, c.id desc`
  }
}
