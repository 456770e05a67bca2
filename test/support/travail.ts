import { Unavailable } from '../../src/kernel/errors.ts'
import { advance } from '../../src/kernel/travaux/job.ts'
import { readTravail } from '../../src/kernel/travaux/queries.ts'
import type { Travail } from '../../src/kernel/travaux/travail.ts'
import { type Portal, hostOf } from './portal.ts'

/** Advances a long work as the worker would, without one, until it stops; waits that the work asks for are skipped. */
export async function runTravail(
  portal: Portal,
  organisme: string,
  id: string,
  turns = 200,
): Promise<Travail> {
  const { rows } = await portal.owner.query<{ id: string }>(
    'select id from plateforme.organismes where code = $1',
    [organisme],
  )
  const organismeId = rows[0]!.id
  const transaction = <T>(work: (db: Parameters<typeof readTravail>[0]) => Promise<T>) =>
    portal.services.database.inOrganisme({ organismeId, role: 'systeme' }, work)
  for (let i = 0; i < turns; i++) {
    const travail = await transaction((db) => readTravail(db, id))
    if (travail.etat !== 'pret' && travail.etat !== 'en_cours') return travail
    await advance(
      { id },
      {
        services: portal.services,
        organisme: { id: organismeId, hote: hostOf(organisme) },
        lastAttempt: false,
        transaction,
      },
    ).catch((error: unknown) => {
      // A lock that was not free in time: the queue tries again.
      if (!(error instanceof Unavailable)) throw error
    })
  }
  return transaction((db) => readTravail(db, id))
}
