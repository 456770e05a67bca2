import type { JobContext, JobHandler } from '../page.ts'
import { everyOrganisme } from '../organisme.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'
import { isOneAddress } from './address.ts'
import { type Draft, letterWriter } from './letter.ts'
import type { Mailer } from './send.ts'

interface Row extends Draft {
  id: string
  destinataire: string
  destinataire_nom: string
}

type Outcome = { id: string } & (
  | { subject: string }
  | { refused: string }
  /** May pass by itself: tried again. */
  | { error: unknown }
)

/**
 * Sends a queued mail (`id`), or a lot of them (`ids`). Sent at least once: a row is marked after the server took its
 * mail, so that a crash in between sends it again, under the same Message-ID. Those that fail are tried again with their
 * task; after the last try they are parked with the reason, the task stays in the queue's table, and letting it run again
 * sends them.
 */
export function sendQueuedMails(mailer: Mailer): JobHandler {
  return async (payload, ctx) => {
    const ids = payload.ids ?? [payload.id]
    const rows = await ctx.transaction((db) =>
      db.many<Row>(sql`update courriels set essais = essais + 1 where id = any(${ids}::uuid[]) and envoye_le is null
        returning id, modele, destinataire, destinataire_nom, donnees`),
    )
    const letterOf = letterWriter(ctx)
    const send = async (row: Row): Promise<Outcome> => {
      const { id, destinataire: address } = row
      if (!isOneAddress(address)) return { id, refused: 'adresse électronique refusée' }
      try {
        const { organisme, ...letter } = await letterOf(row)
        await mailer.send({
          ...letter,
          id,
          host: ctx.organisme.hote,
          organisme: organisme.code,
          from: { name: organisme.sigle, address: ctx.services.config.mailFrom },
          to: { name: row.destinataire_nom, address },
        })
        return { id, subject: letter.subject }
      } catch (error) {
        return { id, error }
      }
    }
    const outcomes = await Promise.all(rows.map(send))
    await record(ctx, outcomes)
    const failed = outcomes.find((outcome) => 'error' in outcome)
    if (failed) throw failed.error
  }
}

async function record(ctx: JobContext, outcomes: readonly Outcome[]): Promise<void> {
  const sent = outcomes.filter((outcome) => 'subject' in outcome)
  const unsent = outcomes.flatMap((o) =>
    'refused' in o
      ? { id: o.id, reason: o.refused, parked: true }
      : 'error' in o
        ? { id: o.id, reason: reasonOf(o.error), parked: ctx.lastAttempt }
        : [],
  )
  await ctx.transaction(async (db) => {
    // What the template was given holds links that open an account: gone as soon as nothing needs them.
    if (sent.length > 0)
      await db.run(sql`update courriels c set envoye_le = now(), objet = s.objet, donnees = '{}', erreur = '',
        abandonne_le = null
      from unnest(${sent.map((s) => s.id)}::uuid[], ${sent.map((s) => s.subject)}::text[]) as s (id, objet)
      where c.id = s.id`)
    if (unsent.length > 0)
      await db.run(sql`update courriels c set erreur = u.raison, abandonne_le = case when u.garee then now() end
      from unnest(${unsent.map((u) => u.id)}::uuid[], ${unsent.map((u) => u.reason)}::text[],
        ${unsent.map((u) => u.parked)}::boolean[]) as u (id, raison, garee) where c.id = u.id`)
  })
  for (const { id } of unsent.filter((u) => u.parked))
    ctx.services.log.error({ courriel: id }, 'mail parked: it was not sent')
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500)
}

/** Links of a parked mail are kept a week, for whoever lets it leave again; the traces of mails a year. */
export async function pruneMails({ database }: Services): Promise<void> {
  await everyOrganisme(database, ({ transaction }) =>
    transaction(async (db) => {
      await db.run(sql`update courriels set donnees = '{}'
        where abandonne_le < now() - interval '7 days' and donnees <> '{}'`)
      await db.run(sql`delete from courriels where cree_le < now() - interval '1 year'`)
    }),
  )
}
