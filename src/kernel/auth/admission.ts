import { TooMany } from '../errors.ts'
import { writeJournal } from '../journal.ts'
import type { Ctx } from '../page.ts'
import { networkOf } from './address.ts'
import { SUSPECT, countNetworkFailure, limitPosts } from './throttle.ts'

/**
 * The first thing that a post which guesses or sends does: it is counted against its address.
 * @throws TooMany beyond ten a minute.
 */
export async function admitPost(ctx: Ctx): Promise<void> {
  try {
    await limitPosts(ctx.services.database.acces, ctx.request.ip)
  } catch (error) {
    if (error instanceof TooMany) await countAgainstNetwork(ctx)
    throw error
  }
}

/** A log-in failed or was refused; staff finds in the journal when one network fails over and over. */
export async function countAgainstNetwork(ctx: Ctx): Promise<void> {
  const { database, log } = ctx.services
  const failures = await countNetworkFailure(database.acces, ctx.request.ip)
  if (failures !== SUSPECT.alert) return
  const reseau = networkOf(ctx.request.ip)
  log.warn(
    { alerte: 'bourrage', reseau, organisme: ctx.organisme.code },
    'many failed log-ins from one network',
  )
  await database.inOrganisme({ organismeId: ctx.organisme.id, role: 'anonyme' }, (db) =>
    writeJournal(db, undefined, {
      action: 'alerte.bourrage',
      objet: 'connexion',
      objetId: null,
      adherentId: null,
      detail: { reseau, echecs: failures },
      request: ctx.request.id,
    }),
  )
}
