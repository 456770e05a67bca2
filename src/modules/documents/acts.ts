import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { queueMails } from '../../kernel/mail/queue.ts'
import type { Track } from '../clotures/cloture.ts'
import { moveTracks } from '../clotures/mouvements.ts'
import { listTracks } from '../clotures/queries.ts'
import {
  type Document, type Genre, TRACK_OF, stepsOnIssue, stepsOnPublish, stepsOnWithdraw,
} from './document.ts' // prettier-ignore
import {
  type NewDocument, insertDocuments, listRecipients, publishDocuments, restoreReplaced, withdrawDocuments,
} from './queries.ts' // prettier-ignore

/** Puts a document in preparation: the track of its clôture follows, nobody but staff sees it yet. @throws Refusal */
export async function issue(db: Db, document: NewDocument): Promise<string> {
  const [id] = await issueMany(db, [document])
  if (!id) throw new Refusal('Un document de ce genre est déjà en préparation pour cet exercice.')
  return id
}

/** The same for a batch; null in the place of those that are there already. */
export async function issueMany(db: Db, documents: readonly NewDocument[]): Promise<(string | null)[]> {
  const ids = await insertDocuments(db, documents)
  const written = documents
    .filter((_, i) => ids[i] !== null)
    .map((d) => ({ cloture_id: d.clotureId, genre: d.genre }))
  await follow(db, written, stepsOnIssue, 'document en préparation')
  return ids
}

/** Makes it visible to the adhérent and his cabinet, replaces the former one, and tells them by mail. */
export async function publish(
  db: Db,
  document: Pick<Document, 'id' | 'adherent_id'>,
  userId: string | null,
): Promise<void> {
  await publishMany(db, [document.id], userId)
  const people = await listRecipients(db, [document.adherent_id])
  await queueMails(
    db,
    'document-publie',
    people.map(({ id }) => ({ key: `document:${document.id}:${id}`, to: id, data: { lien: '/documents' } })),
  )
}

export type Publie = Awaited<ReturnType<typeof publishDocuments>>[number]

/** The same for a batch, without a mail: whoever publishes many tells the people at his own pace. */
export async function publishMany(db: Db, ids: readonly string[], userId: string | null): Promise<Publie[]> {
  const published = await publishDocuments(db, ids, userId)
  await follow(db, published, stepsOnPublish, 'document publié')
  return published
}

/**
 * Withdraws documents: they stay in the books with their number and the reason, the adhérent sees that they were there
 * and opens them no more. `restore`: what they replaced is the good one again.
 */
export async function withdrawMany(
  db: Db,
  ids: readonly string[],
  userId: string | null,
  motif: string,
  restore = false,
): Promise<{ id: string; adherent_id: string }[]> {
  const withdrawn = await withdrawDocuments(db, ids, userId, motif)
  if (restore) await restoreReplaced(db, withdrawn.filter((d) => d.publie_le !== null).map((d) => d.id)) // prettier-ignore
  const good = withdrawn.filter((d) => d.remplace_le === null && !(restore && d.remplace_id !== null))
  await follow(db, good, stepsOnWithdraw, 'document retiré')
  return withdrawn
}

type Followed = Pick<Document, 'cloture_id' | 'genre'>

/** Moves the tracks of the clôtures, in a few statements for each state that they come from. */
async function follow(
  db: Db,
  documents: readonly Followed[],
  stepsOf: (genre: Genre, from: string) => string[],
  motif: string,
): Promise<void> {
  const concerned = documents.filter(
    (d): d is { cloture_id: string; genre: Genre } => d.cloture_id !== null && d.genre !== 'autre',
  )
  if (concerned.length === 0) return
  const states = new Map(
    (await listTracks(db, [...new Set(concerned.map((d) => d.cloture_id))])).map((c) => [c.id, c]),
  )
  const groups = new Map<string, { track: Track; from: string; steps: string[]; ids: string[] }>()
  for (const { cloture_id, genre } of concerned) {
    const track = TRACK_OF[genre]
    const from = states.get(cloture_id)![track]
    const key = `${track}:${from}`
    const group = groups.get(key) ?? { track, from, steps: stepsOf(genre, from), ids: [] }
    groups.set(key, group)
    group.ids.push(cloture_id)
  }
  for (const { track, from, steps, ids } of groups.values()) {
    let de = from
    for (const vers of steps) {
      await moveTracks(db, track, ids.map((id) => ({ id, de })), vers, { motif }) // prettier-ignore
      de = vers
    }
  }
}
