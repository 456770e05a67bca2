import type { Db } from '../../../kernel/db.ts'
import { type Sql, join, sql } from '../../../kernel/sql.ts'
import { nextNumber } from '../../documents/queries.ts'
import type { Cote, Courrier, Genre } from '../courrier.ts'
import { COLUMNS } from '../liste-queries.ts'
import type { Demande } from '../modeles/modele.ts'

export const ETATS = ['', 'a-traiter', 'en-attente', 'en-retard', 'clos', 'brouillons'] as const
export type Etat = (typeof ETATS)[number]
export const PLAFOND = 1000

export interface Ask {
  etat: Etat
  numero: string
  nom: string
  /** Kind of courrier, or ''. */
  genre: string
  /** Year of the exercice that it is about, or ''. */
  exercice: string
  apres?: string | undefined
  avant?: string | undefined
  today: string
}

export interface LigneGestion extends Courrier {
  adherent_numero: string | null
  adherent_nom: string | null
  structure_nom: string | null
  structure_numero: string | null
  /** Who works through its answer now. */
  prise: string | null
}

const FROM = sql`courriers c left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
  left join structures s on s.organisme_id = c.organisme_id and s.id = c.structure_id`

/** Each state is read in the order in which it is worked through, along an index of its own. */
const ORDER: Record<Etat, { key: Sql; place: Sql; up: boolean }> = {
  '': { key: sql`c.publie_le`, place: sql`x.publie_le`, up: false },
  'a-traiter': { key: sql`c.repondu_le`, place: sql`x.repondu_le`, up: true },
  'en-attente': { key: sql`c.a_repondre_avant`, place: sql`x.a_repondre_avant`, up: true },
  'en-retard': { key: sql`c.a_repondre_avant`, place: sql`x.a_repondre_avant`, up: true },
  clos: { key: sql`c.clos_le`, place: sql`x.clos_le`, up: false },
  brouillons: { key: sql`c.cree_le`, place: sql`x.cree_le`, up: false },
}

export function listGestion(db: Db, q: Ask, limit: number): Promise<LigneGestion[]> {
  const { key, place, up } = ORDER[q.etat]
  const back = q.avant !== undefined
  const forward = up !== back
  const where = conditions(q)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    const at = sql`((select ${place} from courriers x where x.id = ${from}), ${from}::uuid)`
    where.push(forward ? sql`(${key}, c.id) > ${at}` : sql`(${key}, c.id) < ${at}`)
  }
  const order = forward ? sql`${key}, c.id` : sql`${key} desc, c.id desc`
  return db.many<LigneGestion>(sql`select ${COLUMNS}, a.numero as adherent_numero, a.denomination as adherent_nom,
      s.nom as structure_nom, s.numero as structure_numero,
      (select p.nom from courrier_prises p where p.organisme_id = c.organisme_id and p.courrier_id = c.id
        and p.jusqu_a > now() and c.repondu_le is not null and c.clos_le is null) as prise
    from ${FROM} where ${join(where, ' and ')} order by ${order} limit ${limit}`)
}

export async function countGestion(db: Db, q: Ask): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select from courriers c where ${join(conditions(q), ' and ')} limit ${PLAFOND}) as premiers`)
  return n
}

function conditions(q: Ask): Sql[] {
  const pending = sql`c.publie_le is not null and c.repondu_le is null and c.clos_le is null and c.a_repondre_avant is not null`
  const states: Record<Etat, Sql> = {
    '': sql`c.publie_le is not null`,
    'a-traiter': sql`c.repondu_le is not null and c.clos_le is null`,
    'en-attente': pending,
    'en-retard': sql`${pending} and c.a_repondre_avant < ${q.today}`,
    clos: sql`c.publie_le is not null and c.clos_le is not null`,
    brouillons: sql`c.publie_le is null`,
  }
  return [states[q.etat], ...filters(q)]
}

/** By dossier, kind and exercice: what every list of courriers of the staff filters by. */
export function filters(q: Pick<Ask, 'numero' | 'nom' | 'genre' | 'exercice'>): Sql[] {
  const where: Sql[] = []
  // Numbers of adhérents begin with a figure, those of cabinets with a letter: one index or the other, never both.
  if (/^\d/.test(q.numero))
    where.push(sql`c.adherent_id = (select n.id from adherents n where n.numero = ${q.numero})`)
  else if (q.numero !== '')
    where.push(
      sql`c.structure_id = (select n.id from structures n where n.numero = ${q.numero.toUpperCase()})`,
    )
  if (q.nom !== '') where.push(sql`c.adherent_id in (select app.chercher_adherents(${q.nom}, 1000))`)
  if (q.genre !== '') where.push(sql`c.genre = ${q.genre}`)
  if (q.exercice !== '')
    where.push(sql`c.cloture_id in (select l.id from clotures l
      where l.fin between ${`${q.exercice}-01-01`}::date and ${`${q.exercice}-12-31`}::date)`)
  return where
}

export interface Destination {
  adherent_id: string | null
  structure_id: string | null
}

/** A dossier with what a courrier may say of it. */
export interface Dossier extends Destination {
  numero: string
  nom: string
  cabinet: string | null
}

export function findAdherent(db: Db, numero: string): Promise<Dossier | undefined> {
  return db.maybe<Dossier>(sql`select a.id as adherent_id, a.structure_id, a.numero,
      trim(a.civilite || ' ' || a.denomination) as nom, s.nom as cabinet
    from adherents a left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
    where a.numero = ${numero}`)
}

export function findCabinet(db: Db, numero: string): Promise<Dossier | undefined> {
  return db.maybe<Dossier>(sql`select null::uuid as adherent_id, id as structure_id, numero, nom, nom as cabinet
    from structures where numero = ${numero.toUpperCase()} and nature = 'cabinet'`)
}

/** The exercice of an adhérent that was closed in that year, the last one when there are two. */
export function findCloture(
  db: Db,
  adherentId: string,
  annee: number,
): Promise<{ id: string; fin: string } | undefined> {
  return db.maybe(sql`select id, fin from clotures where adherent_id = ${adherentId}
    and fin between ${`${annee}-01-01`}::date and ${`${annee}-12-31`}::date order by fin desc limit 1`)
}

export interface NewCourrier extends Destination {
  destinataire: Cote
  genre: Genre
  objet: string
  corps: string
  aRepondreAvant: string | null
  fichierId: string | null
  origineId: string | null
  clotureId: string | null
  questions: readonly Demande[]
}

/** Writes a courrier and its questions; nobody but staff sees it until it is published. */
export async function insertCourrier(db: Db, c: NewCourrier): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into courriers (adherent_id, structure_id, destinataire, genre, objet, corps, a_repondre_avant, fichier_id,
      origine_id, cloture_id)
    values (${c.adherent_id}, ${c.structure_id}, ${c.destinataire}, ${c.genre}, ${c.objet}, ${c.corps},
      ${c.aRepondreAvant}, ${c.fichierId}, ${c.origineId}, ${c.clotureId}) returning id`)
  await insertQuestions(db, id, c.questions)
  return id
}

/** Writes a draft anew. */
export async function updateCourrier(db: Db, id: string, c: Omit<NewCourrier, 'origineId'>): Promise<void> {
  await db.run(sql`update courriers set adherent_id = ${c.adherent_id}, structure_id = ${c.structure_id},
      destinataire = ${c.destinataire}, genre = ${c.genre}, objet = ${c.objet}, corps = ${c.corps},
      a_repondre_avant = ${c.aRepondreAvant}, fichier_id = ${c.fichierId}, cloture_id = ${c.clotureId}
    where id = ${id} and publie_le is null`)
  await db.run(sql`delete from courrier_questions where courrier_id = ${id}`)
  await insertQuestions(db, id, c.questions)
}

async function insertQuestions(db: Db, id: string, questions: readonly Demande[]): Promise<void> {
  if (questions.length === 0) return
  await db.run(sql`insert into courrier_questions (courrier_id, ordre, texte, nature)
    select ${id}, rang::int, texte, nature from unnest(${questions.map((q) => q.texte)}::text[],
      ${questions.map((q) => q.nature)}::text[]) with ordinality as t (texte, nature, rang)`)
}

/** @throws NotFound when there is no such draft */
export async function lockDraft(db: Db, id: string): Promise<{ fichier_id: string | null }> {
  return db.one(sql`select fichier_id from courriers where id = ${id} and publie_le is null for update`)
}

export async function deleteDraft(db: Db, id: string): Promise<void> {
  await db.run(sql`delete from courrier_questions where courrier_id = ${id}`)
  await db.run(sql`delete from courriers where id = ${id} and publie_le is null`)
}

/** From now on it is seen, numbered, and does not change. */
export async function publishCourrier(
  db: Db,
  id: string,
  userId: string | null,
  annee: number,
): Promise<string> {
  const numero = `C-${await nextNumber(db, 'courriers', annee)}`
  await db.run(sql`update courriers set numero = ${numero}, publie_le = clock_timestamp(), publie_par = ${userId}
    where id = ${id}`)
  return numero
}

export interface Destinataire {
  id: string
  nom: string
  role: string
  cote: Cote
}

/** The people whom a courrier reaches: the adhérent, the log-in of his cabinet, and who has his dossier there. */
export function listDestinataires(db: Db, d: Destination): Promise<Destinataire[]> {
  return db.many<Destinataire>(sql`select u.id, trim(u.prenom || ' ' || u.nom) as nom, u.role,
      case when u.role = 'adherent' then 'adherent' else 'cabinet' end as cote
    from utilisateurs u
    where u.bloque_le is null and (u.parti_le is null or u.parti_le > current_date)
      and (u.adherent_id = ${d.adherent_id}
        or (u.structure_id = ${d.structure_id} and u.role = 'cabinet')
        or (u.structure_id = ${d.structure_id} and exists (select from affectations f
          where f.organisme_id = u.organisme_id and f.utilisateur_id = u.id and f.adherent_id = ${d.adherent_id}
            and f.jusqu_a is null)))
    order by u.role, u.nom`)
}

export async function insertEnvois(
  db: Db,
  courrierId: string,
  people: readonly Destinataire[],
  destinataire: Cote,
): Promise<void> {
  for (const p of people) {
    await db.run(sql`insert into courrier_envois (courrier_id, utilisateur_id, nom, role, qualite)
      values (${courrierId}, ${p.id}, ${p.nom}, ${p.role}, ${p.cote === destinataire ? 'destinataire' : 'copie'})`)
  }
}

/** @throws NotFound */
export function lockCourrier(db: Db, id: string): Promise<Courrier> {
  return db.one<Courrier>(
    sql`select ${COLUMNS} from courriers c where c.id = ${id} and c.publie_le is not null for update`,
  )
}

export async function satisfyQuestion(
  db: Db,
  courrierId: string,
  questionId: string,
  userId: string,
): Promise<number> {
  return db.run(sql`update courrier_questions set satisfaite_le = now(), satisfaite_par = ${userId}
    where id = ${questionId} and courrier_id = ${courrierId} and satisfaite_le is null`)
}

/** When nothing is left open, the courrier wants no answer any more. */
export async function settleAnswered(db: Db, id: string): Promise<void> {
  await db.run(sql`update courriers c set repondu_le = now(),
      archive_adherent_le = case when destinataire = 'adherent' then now() else archive_adherent_le end,
      archive_cabinet_le = case when destinataire = 'cabinet' then now() else archive_cabinet_le end
    where c.id = ${id} and c.repondu_le is null and c.a_repondre_avant is not null
      and not exists (select from courrier_questions q where q.organisme_id = c.organisme_id and q.courrier_id = c.id
        and q.satisfaite_le is null and not exists (select from reponse_lignes l
          join reponses r on r.organisme_id = l.organisme_id and r.id = l.reponse_id
          where l.organisme_id = q.organisme_id and l.question_id = q.id
            and r.transmise_le > coalesce(q.redemandee_le, '-infinity')))`)
}

/** Asks those questions again, until a new day: the courrier is to be answered anew. */
export async function askAgain(
  db: Db,
  id: string,
  questionIds: readonly string[],
  precision: string,
  avant: string,
): Promise<void> {
  await db.run(sql`update courrier_questions set redemandee_le = clock_timestamp(), satisfaite_le = null,
      satisfaite_par = null, precision = ${precision}
    where courrier_id = ${id} and id = any(${questionIds})`)
  await db.run(sql`update courriers set a_repondre_avant = ${avant}, repondu_le = null,
      archive_adherent_le = case when destinataire = 'adherent' then null else archive_adherent_le end,
      archive_cabinet_le = case when destinataire = 'cabinet' then null else archive_cabinet_le end
    where id = ${id}`)
}

/** Closed: nothing is expected any more; archived for whoever has read it, new until read for the others. */
export async function closeCourrier(db: Db, id: string, userId: string): Promise<void> {
  await db.run(sql`update courriers c set clos_le = now(), clos_par = ${userId},
      archive_adherent_le = case when archive_adherent_le is null and exists (select from courrier_lectures l
        where l.organisme_id = c.organisme_id and l.courrier_id = c.id and l.role = 'adherent')
        then now() else archive_adherent_le end,
      archive_cabinet_le = case when archive_cabinet_le is null and exists (select from courrier_lectures l
        where l.organisme_id = c.organisme_id and l.courrier_id = c.id and l.role <> 'adherent')
        then now() else archive_cabinet_le end
    where c.id = ${id}`)
}
