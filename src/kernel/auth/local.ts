import { Strategy } from 'passport-local'
import { writeJournal } from '../journal.ts'
import { queueMail } from '../mail/queue.ts'
import type { Ctx } from '../page.ts'
import { sql } from '../sql.ts'
import { type Account, findAccount } from './account.ts'
import { countAgainstNetwork } from './admission.ts'
import { knownDevice } from './devices.ts'
import { hashPassword, isOutdated, verifyPassword } from './password.ts'
import { type Aim, type Try, countPasswordTry, strangerKey } from './throttle.ts'

/** What a right password gives: who it is, and the counters to forget once the person is fully signed in. */
export interface Recognized {
  account: Account
  aim: Aim
}

/** Failures of one account from which the log-in page asks for the challenge too. */
export const CHALLENGE_FROM = 3
const WARN_OWNER_AT = 10

/**
 * Number, code or e-mail address, and password, within the organisme of the request. Counts the try before looking at
 * the password, and takes the same time whether the account exists or not.
 * @returns undefined when they do not fit together; the failure is then in the journal.
 * @throws TooMany when too many tries came before.
 */
export async function recognize(
  ctx: Ctx,
  identifiant: string,
  motDePasse: string,
): Promise<{ recognized: Recognized | undefined; tried: Try }> {
  const asked: Asked = {
    body: { identifiant, motDePasse },
    ctx,
    aim: undefined,
    account: undefined,
    tried: NO_TRY,
  }
  const recognized = await ask(asked)
  if (recognized) await refreshHash(ctx, recognized.account, motDePasse)
  else await noteFailure(asked)
  return { recognized, tried: asked.tried }
}

interface Asked {
  body: { identifiant: string; motDePasse: string }
  ctx: Ctx
  aim: Aim | undefined
  account: Account | undefined
  tried: Try
}

const NO_TRY: Try = { count: 0, refused: false, wait: 0 }

const strategy = new Strategy(
  { usernameField: 'identifiant', passwordField: 'motDePasse', passReqToCallback: true },
  (req, identifiant, motDePasse, done) => {
    const asked = req as unknown as Asked
    check(asked, identifiant, motDePasse).then((found) => done(null, found ?? false), done)
  },
)

async function check(asked: Asked, identifiant: string, motDePasse: string): Promise<Recognized | undefined> {
  const { ctx } = asked
  const { acces } = ctx.services.database
  const account = await findAccount(acces, ctx.organisme.id, identifiant)
  const aim: Aim = {
    organismeId: ctx.organisme.id,
    target: account?.id ?? strangerKey(identifiant),
    ip: ctx.request.ip,
    device: await knownDevice(acces, ctx, account?.id ?? NOBODY),
    mayLock: !account?.secondFactor,
  }
  Object.assign(asked, { account, aim })
  asked.tried = await countPasswordTry(acces, aim)
  const right = await verifyPassword(
    ctx.services.config.passwordCost,
    account?.passwordHash ?? null,
    motDePasse,
  )
  return right && account ? { account, aim } : undefined
}

const NOBODY = '00000000-0000-0000-0000-000000000000'

/** Runs the strategy as passport does, without a response: handlers have none, and a refusal here is a sentence. */
function ask(asked: Asked): Promise<Recognized | undefined> {
  return new Promise((resolve, reject) => {
    const run = Object.assign(Object.create(strategy) as Strategy, {
      success: (found: unknown) => resolve(found as Recognized),
      fail: () => resolve(undefined),
      error: reject,
    })
    run.authenticate(asked as never)
  })
}

/** The cost of a hash has been changed since this one was made, and the password is at hand. */
async function refreshHash(ctx: Ctx, account: Account, motDePasse: string): Promise<void> {
  const { config, database } = ctx.services
  const { passwordHash } = account
  if (passwordHash === null || !isOutdated(config.passwordCost, passwordHash)) return
  const fresh = await hashPassword(config.passwordCost, motDePasse)
  await database.acces.run(sql`update acces.secrets set mot_de_passe = ${fresh}
    where organisme_id = ${account.organismeId} and utilisateur_id = ${account.id} and mot_de_passe = ${passwordHash}`)
}

/** In a transaction of its own: the refusal that follows rolls the request back, and must not roll this back. */
async function noteFailure({ ctx, account, aim, tried }: Asked): Promise<void> {
  await countAgainstNetwork(ctx)
  await ctx.services.database.inOrganisme({ organismeId: ctx.organisme.id, role: 'anonyme' }, async (db) => {
    await writeJournal(db, undefined, {
      action: 'connexion.echec',
      objet: 'utilisateurs',
      objetId: account?.id ?? null,
      adherentId: account?.adherentId ?? null,
      detail: { essai: tried.count, appareil: aim?.device ? 'connu' : 'inconnu' },
      request: ctx.request.id,
    })
    if (account && !aim?.device && tried.count === WARN_OWNER_AT) {
      await queueMail(db, {
        key: `connexion-bloquee:${account.id}:${ctx.today}`,
        template: 'connexion-bloquee',
        to: account.id,
        data: { lien: '/mot-de-passe-oublie' },
      })
    }
  })
}
