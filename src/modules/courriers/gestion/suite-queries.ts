import type { Db } from '../../../kernel/db.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Courrier } from '../courrier.ts'
import { COLUMNS } from '../liste-queries.ts'

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
