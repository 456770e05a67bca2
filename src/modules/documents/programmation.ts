import { Refusal } from '../../kernel/errors.ts'
import type { Db } from '../../kernel/db.ts'
import { writeJournalRows } from '../../kernel/journal.ts'
import { sql } from '../../kernel/sql.ts'
import { cancelTravail, startTravail } from '../../kernel/travaux/queries.ts'
import { defineTravail } from '../../kernel/travaux/travail.ts'
import { publish } from './acts.ts'
import { type Document, etatOf } from './document.ts'
import { lockDocument } from './queries.ts'

const GENRE = 'documents.publication'

/** The publication of one document at an hour that was chosen. */
defineTravail<{ documentId: string }, Record<string, never>>(GENRE, {
  annulation: 'Le document reste en préparation : il ne sera pas publié à la date prévue.',
  libelle: 'Publication programmée',
  can: 'gestion.documents.publish',
  batch: ({ donnees }, { demandeur }) =>
    Promise.resolve(async (db) => {
      const document = await lockDocument(db, donnees.documentId)
      if (etatOf(document) !== 'en_preparation')
        throw new Refusal('Ce document a été publié ou retiré avant l’heure prévue.')
      await publish(db, document, demandeur?.id ?? null)
      const about = {
        action: 'document.publie',
        objet: 'document',
        request: 'travail',
        detail: { programme: true },
      }
      await writeJournalRows(db, demandeur ?? undefined, about, [
        { objetId: document.id, adherentId: document.adherent_id },
      ])
      return { fait: 1, total: 1, fini: true }
    }),
})

/** @throws Refusal when an hour is set already */
export async function schedule(db: Db, document: Document, at: Date): Promise<void> {
  if (await readScheduled(db, document.id))
    throw new Refusal('La publication de ce document est déjà programmée.')
  await startTravail(db, {
    genre: GENRE,
    titre: document.titre,
    lien: `/gestion/documents/${document.id}`,
    donnees: { documentId: document.id },
    total: 1,
    debut: at,
  })
}

/** The work that will publish it, when an hour is set. */
export async function readScheduled(
  db: Db,
  documentId: string,
): Promise<{ id: string; debut_prevu: string } | undefined> {
  return db.maybe(sql`select id, debut_prevu from travaux where genre = ${GENRE} and etat in ('pret', 'en_cours', 'en_pause')
    and donnees ->> 'documentId' = ${documentId} order by cree_le desc limit 1`)
}

/**
 * Somebody publishes or withdraws it before its hour: the work has nothing left to do. Before the document is locked, as
 * the work itself does, so that the two never wait for each other.
 */
export async function unschedule(db: Db, documentId: string): Promise<void> {
  const work = await readScheduled(db, documentId)
  if (work) await cancelTravail(db, work.id)
}
