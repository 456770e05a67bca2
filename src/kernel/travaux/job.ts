import type { Context, Db } from '../db.ts'
import { NotFound, Refusal } from '../errors.ts'
import { everyOrganisme, organismeByHost } from '../organisme.ts'
import type { JobContext, JobHandler } from '../page.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'
import { listStalled, lockTravail, markFailed, markStarted, queueTurn, recordProgress } from './queries.ts'
import { type Ecriture, type Travail, type TravailContext, genreOf } from './travail.ts'

/** A turn of one work; then the others of the queue have theirs. */
const TURN_MS = 2_000

/**
 * Job `travaux.avancer`: batch after batch for one turn, then queues the next turn. The row is locked while a batch is
 * written, and says which batch is the next: of two workers on one work, the slower throws its batch away.
 */
export const advance: JobHandler = async (payload, job) => {
  const id = String(payload.id)
  const begun = await job.transaction(async (db) => {
    const row = await lockTravail(db, id).catch(absent)
    if (row?.etat === 'pret') await markStarted(db, id)
    return row && (row.etat === 'pret' || row.etat === 'en_cours') ? row : undefined
  })
  if (!begun) return
  try {
    await takeTurn(begun, await contextOf(job, begun))
  } catch (error) {
    if (error instanceof Refusal) return fail(job, id, error.message)
    if (job.lastAttempt) await fail(job, id, FAILED)
    throw error
  }
}

const FAILED =
  'Le travail s’est arrêté sur une erreur inattendue. Rien de ce qui a été fait n’est perdu : reprenez-le, ou prévenez l’assistance s’il s’arrête encore.'

async function takeTurn(begun: Travail, ctx: TravailContext): Promise<void> {
  const genre = genreOf(begun.genre)
  const until = performance.now() + TURN_MS
  const shared = await genre.begin?.(begun, ctx)
  try {
    for (let travail: Travail | undefined = begun; travail;) {
      const write = await genre.batch(travail, ctx, shared)
      const last: boolean = performance.now() > until
      travail = await ctx.transaction((db) => writeBatch(db, travail as Travail, write, last))
    }
  } finally {
    await genre.end?.(shared)
  }
}

/** What the next batch starts from; undefined when the turn is over, or when somebody stopped the work meanwhile. */
async function writeBatch(
  db: Db,
  travail: Travail,
  write: Ecriture,
  last: boolean,
): Promise<Travail | undefined> {
  const now = await lockTravail(db, travail.id)
  if (now.etat !== 'en_cours' || now.pas !== travail.pas) return undefined
  const done = await write(db)
  await recordProgress(db, travail.id, done)
  if (done.fini) return undefined
  if (done.attendre !== undefined || last) {
    await queueTurn(db, travail.id, done.attendre)
    return undefined
  }
  return lockTravail(db, travail.id)
}

async function contextOf(job: JobContext, travail: Travail): Promise<TravailContext> {
  const { services } = job
  const organisme = await organismeByHost(services.database.acces)(job.organisme.hote)
  if (!organisme) throw new NotFound('organisme')
  const context: Context = {
    organismeId: job.organisme.id,
    role: 'systeme',
    utilisateurId: travail.demande_par,
  }
  const transaction: TravailContext['transaction'] = (work) => services.database.inOrganisme(context, work)
  const demandeur = await transaction((db) =>
    db.maybe<NonNullable<TravailContext['demandeur']>>(
      sql`select id, prenom, nom, login from utilisateurs where id = ${travail.demande_par}`,
    ),
  )
  return { services, organisme, demandeur: demandeur ?? null, transaction }
}

function fail(job: JobContext, id: string, sentence: string): Promise<void> {
  return job.transaction((db) => markFailed(db, id, sentence))
}

function absent(error: unknown): undefined {
  if (!(error instanceof NotFound)) throw error
}

/** Works whose turn was lost, for example parked while the database was away: queued again. */
export async function resumeStalled({ database }: Services): Promise<void> {
  await everyOrganisme(database, ({ transaction }) =>
    transaction(async (db) => {
      for (const { id } of await listStalled(db)) await queueTurn(db, id)
    }),
  )
}
