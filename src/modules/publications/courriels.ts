import type { Db } from '../../kernel/db.ts'
import { queueMails } from '../../kernel/mail/queue.ts'
import { sql } from '../../kernel/sql.ts'
import { listRecipients } from '../documents/queries.ts'
import type { Publication, Reglages } from './queries.ts'

/** A turn of mails: often enough for the bar to move, seldom enough to cost nothing. */
const TURN_MS = 5_000
const AS_FAST_AS_THEY_GO = 500

export interface Cadence {
  /** Adhérents of one turn. */
  size: number
  /** Before the next turn. */
  pauseMs: number
}

/** Mails a minute, made into turns. Pure. */
export function cadenceOf(parMinute: number): Cadence {
  if (parMinute === 0) return { size: AS_FAST_AS_THEY_GO, pauseMs: 0 }
  const turns = 60_000 / TURN_MS
  // Under twelve a minute, one at a time and further apart.
  if (parMinute < turns) return { size: 1, pauseMs: Math.ceil(60_000 / parMinute) }
  return { size: Math.floor(parMinute / turns), pauseMs: TURN_MS }
}

/**
 * Tells the next adhérents: one mail for a person, however many documents the campaign has for him, and one for each
 * courrier that waits for an answer. The key of a mail makes it one, however often this is done.
 */
export async function tellPeople(
  db: Db,
  publication: Publication,
  reglages: Reglages,
): Promise<{ told: number; done: boolean; pauseMs: number }> {
  const { size, pauseMs } = cadenceOf(reglages.par_minute)
  const next = await db.many<{ id: string; adherent_id: string; courrier_id: string | null }>(sql`
    select l.id, l.adherent_id, l.courrier_id from publication_lignes l
    where l.publication_id = ${publication.id} and l.publiee_le is not null and l.prevenu_le is null
    order by l.ordre limit ${size}`)
  const documents = next.filter((l) => l.courrier_id === null)
  const people = await listRecipients(db, [...new Set(documents.map((l) => l.adherent_id))])
  await queueMails(
    db,
    'document-publie',
    people.map(({ id }) => ({
      key: `publication:${publication.id}:${id}`,
      to: id,
      data: { lien: '/documents' },
    })),
  )
  const letters = next.flatMap((l) => l.courrier_id ?? [])
  const addressees = await db.many<{ courrier_id: string; utilisateur_id: string; qualite: string }>(sql`
    select courrier_id, utilisateur_id, qualite from courrier_envois where courrier_id = any(${letters})`)
  await queueMails(
    db,
    'courrier-recu',
    addressees.map((e) => ({
      key: `courrier:${e.courrier_id}:${e.utilisateur_id}`,
      to: e.utilisateur_id,
      data: { lien: `/courriers/${e.courrier_id}`, attend: e.qualite === 'destinataire' },
    })),
  )
  await db.run(sql`update publication_lignes set prevenu_le = now() where id = any(${next.map((l) => l.id)})`)
  return { told: next.length, done: next.length < size, pauseMs }
}
