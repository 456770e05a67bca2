import type { Db } from '../../kernel/db.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { moveTrack, readCloture } from '../clotures/queries.ts'
import { type Document, type Genre, TRACK_OF, stepsOnIssue, stepsOnPublish } from './document.ts'
import { type NewDocument, insertDocument, listRecipients, publishDocument } from './queries.ts'

/** Puts a document in preparation: the track of its clôture follows, nobody but staff sees it yet. */
export async function issue(db: Db, document: NewDocument): Promise<string> {
  const id = await insertDocument(db, document)
  await follow(db, document.clotureId, document.genre, stepsOnIssue, 'document en préparation')
  return id
}

/** Makes it visible to the adhérent and his cabinet, replaces the former one, and tells them by mail. */
export async function publish(db: Db, document: Document, userId: string): Promise<void> {
  await publishDocument(db, document, userId)
  await follow(db, document.cloture_id, document.genre, stepsOnPublish, 'document publié')
  for (const { id } of await listRecipients(db, document.adherent_id)) {
    await queueMail(db, {
      key: `document:${document.id}:${id}`,
      template: 'document-publie',
      to: id,
      data: { lien: '/documents' },
    })
  }
}

async function follow(
  db: Db,
  clotureId: string | null,
  genre: Genre | 'autre',
  stepsOf: (genre: Genre, from: string) => string[],
  motif: string,
): Promise<void> {
  if (clotureId === null || genre === 'autre') return
  const track = TRACK_OF[genre]
  let de: string = (await readCloture(db, clotureId))[track]
  const steps = stepsOf(genre, de).map((vers) => {
    const step = { de, vers }
    de = vers
    return step
  })
  await moveTrack(db, clotureId, track, steps, motif)
}
