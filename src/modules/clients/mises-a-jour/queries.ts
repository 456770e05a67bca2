import { type Db, brokenConstraint } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { type Sql, sql } from '../../../kernel/sql.ts'
import type { Arrivee, Depart } from './forms.ts'
import { type Connu, DEJA_EN_ATTENTE, type Mouvement } from './mouvement.ts'

const COLUMNS: Sql = sql`m.id, m.genre, m.adherent_id, m.numero, m.nom, m.siret, m.profession, m.le, m.raison,
  m.precision, m.venant_d_ailleurs, m.liste_id`
const MINE = (db: Db): Sql => sql`m.structure_id = ${db.context.structureId ?? null} and m.liste_id is null`

/** The two pending zones, by name, each no further than `limit`. */
export function listPending(db: Db, genre: Mouvement['genre'], limit: number): Promise<Mouvement[]> {
  return db.many<Mouvement>(sql`select ${COLUMNS} from mouvements_clients m
    where ${MINE(db)} and m.genre = ${genre} order by m.nom, m.id limit ${limit}`)
}

export interface EnPreparation {
  arrivees: number
  departs: number
  /** When the oldest was prepared. */
  depuis: string | null
}

export function countPending(db: Db): Promise<EnPreparation> {
  return db.one<EnPreparation>(sql`select count(*) filter (where m.genre = 'arrivee')::int as arrivees,
      count(*) filter (where m.genre = 'depart')::int as departs, min(m.cree_le) as depuis
    from mouvements_clients m where ${MINE(db)}`)
}

/** One that is not sent yet. @throws NotFound */
export function lockMouvement(db: Db, id: string, genre?: Mouvement['genre']): Promise<Mouvement> {
  const kind = genre === undefined ? sql`true` : sql`m.genre = ${genre}`
  return db.one<Mouvement>(
    sql`select ${COLUMNS} from mouvements_clients m where m.id = ${id} and ${MINE(db)} and ${kind} for update`,
  )
}

export function readMouvement(db: Db, id: string, genre: Mouvement['genre']): Promise<Mouvement> {
  return db.one<Mouvement>(
    sql`select ${COLUMNS} from mouvements_clients m where m.id = ${id} and ${MINE(db)} and m.genre = ${genre}`,
  )
}

/** What the organisme knows of those who are announced. */
export function connus(db: Db, sirets: readonly string[], numeros: readonly string[]): Promise<Connu[]> {
  return db.many<Connu>(
    sql`select * from app.clients_connus(${sirets}::text[], ${numeros.filter((n) => n !== '')}::text[])`,
  )
}

export async function insertArrivee(
  db: Db,
  a: Arrivee & { adherentId: string | null; ailleurs: boolean },
): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into mouvements_clients (genre, adherent_id, numero, nom, siret, profession, le, venant_d_ailleurs)
    values ('arrivee', ${a.adherentId}, ${a.numero}, ${a.nom}, ${a.siret}, ${a.profession}, ${a.le}, ${a.ailleurs})
    returning id`)
  return id
}

export async function updateArrivee(
  db: Db,
  id: string,
  a: Arrivee & { adherentId: string | null; ailleurs: boolean },
): Promise<void> {
  await db.run(sql`update mouvements_clients set adherent_id = ${a.adherentId}, numero = ${a.numero}, nom = ${a.nom},
    siret = ${a.siret}, profession = ${a.profession}, le = ${a.le}, venant_d_ailleurs = ${a.ailleurs} where id = ${id}`)
}

export interface NewArrivee {
  adherentId: string | null
  numero: string
  nom: string
  siret: string
  profession: string
}

/** Many at once; those that already wait are left as they are. Gives how many were added. */
export function insertArrivees(db: Db, le: string, list: readonly NewArrivee[]): Promise<number> {
  return db.run(sql`insert into mouvements_clients (genre, adherent_id, numero, nom, siret, profession, le)
    select 'arrivee', a, numero, nom, siret, profession, ${le}::date
    from unnest(${list.map((one) => one.adherentId)}::uuid[], ${list.map((one) => one.numero)}::text[],
      ${list.map((one) => one.nom)}::text[], ${list.map((one) => one.siret)}::text[],
      ${list.map((one) => one.profession)}::text[]) as u (a, numero, nom, siret, profession)
    on conflict (organisme_id, structure_id, siret) where genre = 'arrivee' and traite_le is null do nothing`)
}

export interface ClientActif {
  id: string
  numero: string
  denomination: string
  siret: string
  professions: string[]
}

/** A client of this firm, by number. */
export function findClient(db: Db, numero: string): Promise<ClientActif | undefined> {
  return db.maybe<ClientActif>(sql`select a.id, a.numero, a.denomination, a.siret, a.professions from adherents a
    where a.structure_id = ${db.context.structureId ?? null} and a.numero = ${numero}
      and (a.perte_qualite_le is null or a.perte_qualite_le > current_date)`)
}

export async function insertDepart(db: Db, client: ClientActif, d: Depart): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into mouvements_clients (genre, adherent_id, numero, nom, siret, profession, le, raison, precision)
    values ('depart', ${client.id}, ${client.numero}, ${client.denomination}, ${client.siret},
      ${client.professions.join(', ')}, ${d.le}, ${d.raison}, ${d.precision}) returning id`)
  return id
}

export async function updateDepart(db: Db, id: string, d: Omit<Depart, 'numero'>): Promise<void> {
  await db.run(sql`update mouvements_clients set le = ${d.le}, raison = ${d.raison}, precision = ${d.precision}
    where id = ${id}`)
}

export async function deleteMouvement(db: Db, id: string): Promise<void> {
  await db.run(sql`delete from mouvements_clients where id = ${id} and liste_id is null`)
}

export function deleteArrivees(db: Db): Promise<number> {
  return db.run(sql`delete from mouvements_clients m where ${MINE(db)} and m.genre = 'arrivee'`)
}

/** All that is to be sent, kept from changing until the act is over. */
export function lockPending(db: Db): Promise<Mouvement[]> {
  return db.many<Mouvement>(
    sql`select ${COLUMNS} from mouvements_clients m where ${MINE(db)} order by m.genre, m.nom, m.id for update`,
  )
}

export async function nextNumero(db: Db, annee: number): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select app.numero_liste_clients(${annee}) as n`)
  return n
}

export async function insertListe(
  db: Db,
  l: { annee: number; numero: number; nom: string; fichierId: string },
): Promise<string> {
  const { id } = await db.one<{
    id: string
  }>(sql`insert into listes_clients (annee, numero, envoyee_nom, fichier_id)
    values (${l.annee}, ${l.numero}, ${l.nom}, ${l.fichierId}) returning id`)
  await db.run(sql`update mouvements_clients m set liste_id = ${id} where ${MINE(db)}`)
  return id
}

export interface Liste {
  id: string
  structure_id: string
  recepisse: string
  envoyee_le: string
  envoyee_par: string
  envoyee_nom: string
  acceptee_le: string | null
  refusee_le: string | null
  motif: string
  arrivees: number
  departs: number
  structure_numero: string
  structure_nom: string
  decide_nom: string | null
}

export const LISTE: Sql = sql`l.id, l.structure_id, l.recepisse, l.envoyee_le, l.envoyee_par, l.envoyee_nom,
  l.acceptee_le, l.refusee_le, l.motif, s.numero as structure_numero, s.nom as structure_nom,
  (select trim(u.prenom || ' ' || u.nom) from utilisateurs u
    where u.organisme_id = l.organisme_id and u.id = l.decide_par) as decide_nom,
  (select count(*)::int from mouvements_clients m where m.organisme_id = l.organisme_id and m.liste_id = l.id
    and m.genre = 'arrivee') as arrivees,
  (select count(*)::int from mouvements_clients m where m.organisme_id = l.organisme_id and m.liste_id = l.id
    and m.genre = 'depart') as departs`
export const FROM: Sql = sql`listes_clients l
  join structures s on s.organisme_id = l.organisme_id and s.id = l.structure_id`

/** The lists that this firm has sent, newest first. */
export function listSent(db: Db, limit: number): Promise<Liste[]> {
  return db.many<Liste>(sql`select ${LISTE} from ${FROM} where l.structure_id = ${db.context.structureId ?? null}
    order by l.envoyee_le desc, l.id desc limit ${limit}`)
}

/** @throws NotFound */
export function readListe(db: Db, id: string): Promise<Liste> {
  return db.one<Liste>(sql`select ${LISTE} from ${FROM} where l.id = ${id}`)
}

export function listMouvements(db: Db, listeId: string, limit: number): Promise<Mouvement[]> {
  return db.many<Mouvement>(sql`select ${COLUMNS} from mouvements_clients m where m.liste_id = ${listeId}
    order by m.genre desc, m.nom, m.id limit ${limit}`)
}

export interface RecepisseFile {
  cle: string
  nom: string
  mime: string
  taille: number
  sha256: string
}

/** @throws NotFound */
export function readRecepisse(db: Db, listeId: string): Promise<RecepisseFile> {
  return db.one<RecepisseFile>(sql`select f.cle, f.nom, f.mime, f.taille, f.sha256 from listes_clients l
    join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id where l.id = ${listeId}`)
}

/** Two people who add the same client at the same instant: the second is told so. */
export async function once<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const broken = brokenConstraint(error)
    if (broken === 'mouvements_une_arrivee') throw new Refusal(DEJA_EN_ATTENTE, 'siret')
    if (broken === 'mouvements_un_depart') throw new Refusal(DEJA_EN_ATTENTE, 'numero')
    throw error
  }
}
