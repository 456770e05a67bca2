import { everyOrganisme, organismeByHost } from '../organisme.ts'
import type { JobContext, JobHandler } from '../page.ts'
import type { Services } from '../services.ts'
import { sql } from '../sql.ts'
import { isOneAddress } from './address.ts'
import { renderMail } from './render.ts'
import type { Mailer } from './send.ts'
import { isTemplate, templates } from './templates.ts'
import { fillText, ownText, variantOf } from './texts.ts'

interface Row {
  id: string
  modele: string
  destinataire: string
  destinataire_nom: string
  donnees: Record<string, unknown>
}

/**
 * Sends one queued mail. Sent at least once: the row is marked after the server took the mail, so that a crash in
 * between sends it again, under the same Message-ID. After the last try the row is parked with the reason; the job
 * stays in the queue's table, and letting it run again sends the mail.
 */
export function sendQueuedMail(mailer: Mailer): JobHandler {
  return async (payload, ctx) => {
    const row = await ctx.transaction((db) =>
      db.maybe<Row>(sql`update courriels set essais = essais + 1 where id = ${payload.id} and envoye_le is null
        returning id, modele, destinataire, destinataire_nom, donnees`),
    )
    if (!row) return
    if (!isOneAddress(row.destinataire)) return park(ctx, row, 'adresse électronique refusée')
    try {
      const subject = await send(mailer, row, ctx)
      // What the template was given holds links that open an account: gone as soon as nothing needs them.
      await ctx.transaction((db) =>
        db.run(sql`update courriels set envoye_le = now(), objet = ${subject}, donnees = '{}', erreur = '',
          abandonne_le = null where id = ${row.id}`),
      )
    } catch (error) {
      if (ctx.lastAttempt) await park(ctx, row, reasonOf(error))
      else await noteFailure(ctx, row, reasonOf(error))
      throw error
    }
  }
}

async function send(mailer: Mailer, row: Row, ctx: JobContext): Promise<string> {
  const { services, organisme: where } = ctx
  const organisme = await organismeByHost(services.database.acces)(where.hote)
  if (!organisme || !isTemplate(row.modele))
    throw new Error(`no template or organisme for a mail ${row.modele}`)
  const { protocol, port } = services.config.baseUrl
  const template = row.modele
  const data = templates[template].parse(row.donnees)
  const own = await ctx.transaction((db) => ownText(db, template, variantOf(template, data)))
  const rendered = renderMail(services.views, template, {
    organisme,
    data,
    origin: `${protocol}//${where.hote}${port && `:${port}`}`,
    texte: own && fillText(own, organisme, data),
  })
  await mailer.send({
    ...rendered,
    id: row.id,
    host: where.hote,
    organisme: organisme.code,
    from: { name: organisme.sigle, address: services.config.mailFrom },
    to: { name: row.destinataire_nom, address: row.destinataire },
  })
  return rendered.subject
}

async function park(ctx: JobContext, row: Row, reason: string): Promise<void> {
  await ctx.transaction((db) =>
    db.run(sql`update courriels set abandonne_le = now(), erreur = ${reason} where id = ${row.id}`),
  )
  ctx.services.log.error({ courriel: row.id, modele: row.modele }, 'mail parked: it was not sent')
}

async function noteFailure(ctx: JobContext, row: Row, reason: string): Promise<void> {
  await ctx.transaction((db) => db.run(sql`update courriels set erreur = ${reason} where id = ${row.id}`))
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
