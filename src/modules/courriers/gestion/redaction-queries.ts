import type { Db } from '../../../kernel/db.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Cote, Genre } from '../courrier.ts'
import type { Demande } from '../modeles/modele.ts'

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
