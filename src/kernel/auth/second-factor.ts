import type { Acces, Db } from '../db.ts'
import type { Config } from '../config.ts'
import { sql } from '../sql.ts'
import { decrypt, encrypt } from './cipher.ts'
import { codeIndex, hashCodes, newCodes } from './recovery-codes.ts'
import { stepOf } from './totp.ts'

interface Row {
  secret: string
  dernierPas: number
  codes: string[]
  /** Seconds since 1970 by the clock of the database. */
  maintenant: number
}

const sealedFor = (organismeId: string, accountId: string) => `totp:${organismeId}:${accountId}`

function read(acces: Acces, organismeId: string, accountId: string): Promise<Row | undefined> {
  return acces.maybe<Row>(sql`
    select totp_secret as secret, totp_dernier_pas as "dernierPas", codes_de_secours as codes,
      extract(epoch from now()) as maintenant
    from acces.secrets
    where organisme_id = ${organismeId} and utilisateur_id = ${accountId} and totp_confirme_le is not null`)
}

/**
 * Takes a code of the authenticator for the current half minute, or one of the recovery codes, and uses it up: the same
 * code opens nothing a second time, even at the same instant.
 */
export async function takeCode(
  config: Config,
  acces: Acces,
  account: { organismeId: string; id: string },
  typed: string,
): Promise<'code' | 'secours' | null> {
  const row = await read(acces, account.organismeId, account.id)
  if (!row) return null
  const digits = typed.replace(/\s/g, '')
  if (!/^\d{6}$/.test(digits)) return takeRecoveryCode(config, acces, account, row.codes, typed)
  const secret = decrypt(config, row.secret, sealedFor(account.organismeId, account.id))
  const step = stepOf(secret, digits, row.maintenant)
  if (step === null) return null
  const taken = await acces.run(sql`update acces.secrets set totp_dernier_pas = ${step}
    where organisme_id = ${account.organismeId} and utilisateur_id = ${account.id} and totp_dernier_pas < ${step}`)
  return taken === 1 ? 'code' : null
}

async function takeRecoveryCode(
  config: Config,
  acces: Acces,
  account: { organismeId: string; id: string },
  stored: string[],
  typed: string,
): Promise<'secours' | null> {
  const index = await codeIndex(config.passwordCost, stored, typed)
  if (index === null) return null
  const taken = await acces.run(sql`update acces.secrets set codes_de_secours[${index + 1}::int] = ''
    where organisme_id = ${account.organismeId} and utilisateur_id = ${account.id}
      and codes_de_secours[${index + 1}::int] = ${stored[index]}`)
  return taken === 1 ? 'secours' : null
}

/** The step of a code for a secret that is being set up, by the clock of the database, or null. */
export async function confirmedStep(acces: Acces, secret: Buffer, typed: string): Promise<number | null> {
  const row = await acces.maybe<{ maintenant: number }>(sql`select extract(epoch from now()) as maintenant`)
  return stepOf(secret, typed.replace(/\s/g, ''), row!.maintenant)
}

/** Ten fresh recovery codes and what to store of them; slow, to be done before the transaction has begun. */
export async function makeCodes(config: Config): Promise<{ codes: string[]; hashes: string[] }> {
  const codes = newCodes()
  return { codes, hashes: await hashCodes(config.passwordCost, codes) }
}

/** Puts a second factor in force. @param step of the code that confirmed it, which thereby has served. */
export async function setSecondFactor(
  config: Config,
  db: Db,
  accountId: string,
  factor: { secret: Buffer; step: number; hashes: string[] },
): Promise<void> {
  const sealed = encrypt(config, factor.secret, sealedFor(db.context.organismeId, accountId))
  await db.run(sql`update acces.secrets set totp_secret = ${sealed}, totp_confirme_le = now(),
      totp_dernier_pas = ${factor.step}, codes_de_secours = ${factor.hashes}
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${accountId}`)
}

export async function removeSecondFactor(db: Db, accountId: string): Promise<void> {
  await db.run(sql`update acces.secrets set totp_secret = null, totp_confirme_le = null, codes_de_secours = '{}'
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${accountId}`)
}

export async function replaceCodes(db: Db, accountId: string, hashes: string[]): Promise<void> {
  await db.run(sql`update acces.secrets set codes_de_secours = ${hashes}
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${accountId}`)
}

/** How many recovery codes have not served. */
export async function countCodesLeft(
  db: Pick<Db, 'maybe'>,
  organismeId: string,
  accountId: string,
): Promise<number> {
  const row = await db.maybe<{ n: number }>(sql`
    select cardinality(array_remove(codes_de_secours, '')) as n from acces.secrets
    where organisme_id = ${organismeId} and utilisateur_id = ${accountId}`)
  return row?.n ?? 0
}
