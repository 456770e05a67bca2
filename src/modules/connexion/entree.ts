import { type Account, accountById, asPerson, noteAccess } from '../../kernel/auth/account.ts'
import { knownDevice, rememberDevice } from '../../kernel/auth/devices.ts'
import { countOwnTry, forgetOwnTries, forgetPasswordTries } from '../../kernel/auth/throttle.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type CookieToSet, type Ctx, type Reply, redirect } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import type { Statut } from './statut.ts'

/** What the session keeps between the password and the second factor. */
export interface Pending {
  compte: string
  retour: string
  statut: Statut | undefined
  /** Milliseconds since 1970. */
  depuis: number
}

const PENDING = 'second-facteur'
const PENDING_MS = 10 * 60_000

/** The password was right: straight in, or by way of the second factor. */
export async function afterPassword(
  ctx: Ctx,
  account: Account,
  retour: string,
  statut: Statut | undefined,
): Promise<Reply> {
  ctx.session.set('defi', undefined)
  if (!account.secondFactor) return enter(ctx, account, { retour, statut })
  const pending: Pending = { compte: account.id, retour, statut, depuis: ctx.now.getTime() }
  ctx.session.set(PENDING, pending)
  return redirect('/connexion/second-facteur', undefined, { renew: true })
}

/** Whose password was given in this session less than ten minutes ago. */
export async function pendingAccount(ctx: Ctx): Promise<{ account: Account; pending: Pending } | undefined> {
  const pending = ctx.session.get(PENDING) as Pending | undefined
  if (!pending || ctx.now.getTime() - pending.depuis > PENDING_MS) return undefined
  const account = await accountById(ctx.services.database.acces, ctx.organisme.id, pending.compte)
  return account && { account, pending }
}

/** Back to the password, with a sentence that the log-in page shows once. */
export function backToPassword(ctx: Ctx, sentence: string): Reply {
  ctx.session.set(PENDING, undefined)
  ctx.session.set('rappel', sentence)
  return redirect('/connexion')
}

export const codeKey = (account: Account) => `code:${account.organismeId}:${account.id}`

export function countCodeTry(ctx: Ctx, account: Account) {
  return countOwnTry(ctx.services.database.acces, codeKey(account))
}

/** Signs the person in: new session id, browser remembered, counters forgotten, last visit noted, journal. */
export async function enter(
  ctx: Ctx,
  account: Account,
  visit: {
    retour: string
    statut: Statut | undefined
    facteur?: 'code' | 'secours'
    notice?: string | undefined
  },
): Promise<Reply> {
  const { acces } = ctx.services.database
  const device = await knownDevice(acces, ctx, account.id)
  const cookie = await asPerson(ctx.services, account, async (db) => {
    const remembered = await rememberDevice(db, ctx, account.id)
    await db.run(sql`update acces.secrets set connexion_precedente_le =
        (select derniere_connexion_le from utilisateurs where id = ${account.id})
      where organisme_id = ${account.organismeId} and utilisateur_id = ${account.id}`)
    await db.run(sql`update utilisateurs set derniere_connexion_le = now() where id = ${account.id}`)
    await noteAccess(db, account, 'connexion', ctx.request.id, {
      facteur: visit.facteur ?? 'mot de passe',
      appareil: device ? 'connu' : 'nouveau',
    })
    if (remembered.isNew) {
      await queueMail(db, {
        key: `nouvel-appareil:${account.id}:${ctx.request.id}`,
        template: 'nouvel-appareil',
        to: account.id,
        data: { lien: '/profil' },
      })
    }
    return remembered.cookie
  })
  const aim = {
    organismeId: account.organismeId,
    target: account.id,
    ip: ctx.request.ip,
    device,
    mayLock: true,
  }
  await forgetPasswordTries(acces, aim)
  await forgetOwnTries(acces, codeKey(account))
  const cookies: CookieToSet[] = [cookie]
  if (visit.statut) cookies.push({ name: 'statut', value: visit.statut, maxAge: 365 * 24 * 3600 })
  return redirect(visit.retour, visit.notice, { signIn: { id: account.id, role: account.role }, cookies })
}
