import type { Db } from '../../kernel/db.ts'
import { type Sql, join, nothing, sql } from '../../kernel/sql.ts'
import type { Filtres } from './forms.ts'
import type { Nom } from './genre.ts'

/** Beyond that many, a list says « plus de ». */
export const PLAFOND = 1000
/** What a search goes through at most. */
const TROUVEES = 500

export interface Demande {
  id: string
  genre: Nom
  objet_id: string
  adherent_id: string | null
  structure_id: string | null
  demandeur_id: string | null
  nom: string
  numero: string
  detail: string
  recue_le: string
  etat: 'attente' | 'precision' | 'traitee'
  issue: string
  close_le: string | null
  assignee_id: string | null
  assignee_nom: string | null
  fil_id: string | null
  precision_recue_le: string | null
}

const COLUMNS: Sql = sql`d.id, d.genre, d.objet_id, d.adherent_id, d.structure_id, d.demandeur_id, d.nom, d.numero,
  d.detail, d.recue_le, d.etat, d.issue, d.close_le, d.assignee_id, d.fil_id, d.precision_recue_le,
  (select trim(u.prenom || ' ' || u.nom) from utilisateurs u
    where u.organisme_id = d.organisme_id and u.id = d.assignee_id) as assignee_nom`

export interface Question {
  filtres: Filtres
  /** Kinds that this person decides. */
  genres: readonly Nom[]
}

/** A page of the inbox, in the order asked; reversed before a cursor. */
export function listDemandes(
  db: Db,
  q: Question & { apres?: string | undefined; avant?: string | undefined; limit: number },
): Promise<Demande[]> {
  const { key, place, up } = orderOf(q.filtres)
  const from = q.apres ?? q.avant
  const upwards = up === (q.avant === undefined)
  const start =
    from === undefined ? sql`true` : upwards ? sql`${key} > ${place(from)}` : sql`${key} < ${place(from)}`
  return db.many<Demande>(sql`select ${COLUMNS} from demandes d where ${where(db, q)} and ${start}
    order by ${ordered(q.filtres, upwards)} limit ${q.limit}`)
}

/** How many there are, counted no further than a thousand. */
export async function countListed(db: Db, q: Question): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select from demandes d where ${where(db, q)} limit ${PLAFOND}) as premieres`)
  return n
}

/** The nearest before and after one of the list, in its order, whether it is still in it or not. */
export async function neighbours(
  db: Db,
  q: Question,
  id: string,
): Promise<{ avant: string | undefined; apres: string | undefined }> {
  const { key, place, up } = orderOf(q.filtres)
  const next = (upwards: boolean) =>
    db.maybe<{ id: string }>(sql`select d.id from demandes d where ${where(db, q)} and d.id <> ${id}
      and ${upwards ? sql`${key} > ${place(id)}` : sql`${key} < ${place(id)}`}
      order by ${ordered(q.filtres, upwards)} limit 1`)
  const [apres, avant] = await Promise.all([next(up), next(!up)])
  return { avant: avant?.id, apres: apres?.id }
}

/** What waits for the staff, by kind. */
export function countByKind(db: Db): Promise<{ genre: Nom; n: number }[]> {
  return db.many(sql`select g.genre, (select count(*)::int from (select from demandes d
      where d.etat = 'attente' and d.genre = g.genre limit ${PLAFOND}) as premieres) as n
    from unnest(array['coordonnees', 'liste-clients', 'compte', 'message', 'transfert']) as g (genre)`)
}

/** @throws NotFound */
export function readDemande(db: Db, id: string): Promise<Demande> {
  return db.one<Demande>(sql`select ${COLUMNS} from demandes d where d.id = ${id}`)
}

/** Held until the act is over. @throws NotFound */
export function lockDemande(db: Db, id: string): Promise<Demande> {
  return db.one<Demande>(sql`select ${COLUMNS} from demandes d where d.id = ${id} for update of d`)
}

export function findDemande(db: Db, genre: Nom, objetId: string): Promise<Demande | undefined> {
  return db.maybe<Demande>(
    sql`select ${COLUMNS} from demandes d where d.genre = ${genre} and d.objet_id = ${objetId}`,
  )
}

/** What the rows of a list stand by. Among what waits, oldest first, those whose question was answered stand before. */
function sortKeys({ tri, etat }: Filtres): ((of: Sql) => Sql)[] {
  if (tri === 'nom') return [(of) => sql`${of}.cherche`]
  const day = (of: Sql) => sql`${of}.recue_le`
  return tri === 'anciennes' && etat === '' ? [(of) => sql`${of}.rang`, day] : [day]
}

function orderOf(f: Filtres): { key: Sql; place: (id: string) => Sql; up: boolean } {
  const keys = sortKeys(f)
  return {
    key: sql`(${join([...keys.map((key) => key(sql`d`)), sql`d.id`], ', ')})`,
    place: (id) =>
      sql`(${join([...keys.map((key) => sql`(select ${key(sql`x`)} from demandes x where x.id = ${id})`), sql`${id}::uuid`], ', ')})`,
    up: f.tri !== 'recentes',
  }
}

function ordered(f: Filtres, upwards: boolean): Sql {
  const way = upwards ? nothing : sql` desc`
  return join([...sortKeys(f).map((key) => sql`${key(sql`d`)}${way}`), sql`d.id${way}`], ', ')
}

const ETATS: Record<Filtres['etat'], Sql> = {
  '': sql`d.etat = 'attente'`,
  precision: sql`d.etat = 'precision'`,
  traitees: sql`d.etat = 'traitee'`,
  toutes: sql`true`,
}

function where(db: Db, { filtres: f, genres }: Question): Sql {
  const list = [ETATS[f.etat], f.genre === '' ? sql`d.genre = any(${genres})` : sql`d.genre = ${f.genre}`]
  if (f.genre !== '' && !genres.includes(f.genre)) list.push(sql`false`)
  if (f.age !== '') list.push(sql`d.recue_le < now() - ${Number(f.age)} * interval '1 day'`)
  if (f.a === 'personne') list.push(sql`d.assignee_id is null`)
  else if (f.a !== '')
    list.push(sql`d.assignee_id = ${f.a === 'moi' ? (db.context.utilisateurId ?? null) : f.a}`)
  if (f.cabinet !== '')
    list.push(sql`d.structure_id = (select s.id from structures s
      where lower(s.numero) = lower(${f.cabinet.replace(/\s+/g, '')}))`)
  if (f.q !== '') list.push(sql`d.id in (select app.chercher_demandes(${f.q}, ${TROUVEES}))`)
  return join(list, ' and ')
}
