import { Refusal, TooMany } from '../errors.ts'
import type { Ctx, Utilisateur } from '../page.ts'
import { accountById } from './account.ts'
import { admitPost } from './admission.ts'
import { verifyPassword } from './password.ts'
import { countOwnTry, duration, forgetOwnTries } from './throttle.ts'

/**
 * Asks a signed-in person for the password again, before what a thief of the session must not do (new password, new
 * address, second factor). Call it before the transaction has begun: it is slow, and its counters are its own.
 * @throws Refusal beside the field when it is wrong, TooMany after five wrong ones.
 */
export async function confirmPassword(
  ctx: Ctx & { user: Utilisateur },
  typed: string,
  field: string,
): Promise<void> {
  const { database, config } = ctx.services
  await admitPost(ctx)
  const key = `confirmation:${ctx.organisme.id}:${ctx.user.id}`
  const tried = await countOwnTry(database.acces, key)
  if (tried.refused) {
    throw new TooMany(
      `Trop de mots de passe faux. Attendez ${duration(tried.wait)}, puis recommencez.`,
      tried.wait,
    )
  }
  const account = await accountById(database.acces, ctx.organisme.id, ctx.user.id)
  if (!(await verifyPassword(config.passwordCost, account?.passwordHash ?? null, typed))) {
    throw new Refusal('Ce n’est pas votre mot de passe actuel.', field)
  }
  await forgetOwnTries(database.acces, key)
}
