import { findAccount, noteAccess } from '../../kernel/auth/account.ts'
import { inviteByMail } from '../../kernel/auth/activation.ts'
import { countRecentTokens, createToken, lockAccount } from '../../kernel/auth/tokens.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import type { JobHandler } from '../../kernel/page.ts'

const PER_HOUR = 3

/**
 * Somebody forgot a password: finds who, and mails the link – at most three an hour. Who never activated the account
 * gets the invitation again. Nobody found: nothing, and nobody learns it.
 */
export const oubli: JobHandler = async (payload, ctx) => {
  const { saisie, requete } = payload as { saisie: string; requete: string }
  const account = await findAccount(ctx.services.database.acces, ctx.organisme.id, saisie)
  if (!account) return
  await ctx.transaction(async (db) => {
    const purpose = account.passwordHash === null ? 'activation' : 'mot_de_passe'
    await lockAccount(db, account.id)
    if ((await countRecentTokens(db, account.id, purpose)) >= PER_HOUR) return
    await noteAccess(db, account, 'mot-de-passe.oublie', requete)
    if (purpose === 'activation') return inviteByMail(db, account.id)
    const token = await createToken(db, account.id, purpose)
    await queueMail(db, {
      key: `mot-de-passe-oublie:${account.id}:${requete}`,
      template: 'mot-de-passe-oublie',
      to: account.id,
      data: { lien: `/mot-de-passe-oublie/${token}` },
    })
  })
}
