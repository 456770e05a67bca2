import { createHash } from 'node:crypto'
import { type Challenge, type Payload, createChallenge, randomInt, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { Refusal } from '../errors.ts'
import type { Ctx } from '../page.ts'
import { sql } from '../sql.ts'
import { derivedKey } from './cipher.ts'
import { limitUnproven } from './throttle.ts'

/*
 * « Je ne suis pas un robot » (F126): a proof of work that the browser does in about a second, from nobody else's host.
 * Without JavaScript the form is accepted all the same, three times in a quarter of an hour from one address.
 */

/** Field of the form; the widget of views/macros/defi.njk fills it. */
export const DEFI = z.string().max(4000).optional()

const SECONDS = 15 * 60
/** Key derivations to do: `from` to `to` tries of `cost` rounds each. */
const WORK = { cost: 1000, from: 1500, to: 3000 }

function secrets(config: Config) {
  return {
    hmacSignatureSecret: derivedKey(config, 'defi'),
    hmacKeySignatureSecret: derivedKey(config, 'defi-cle'),
  }
}

/** A challenge for a browser, good for a quarter of an hour and one form of this organisme. */
export function newChallenge(ctx: Ctx): Promise<Challenge> {
  return createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: WORK.cost,
    counter: randomInt(WORK.from, WORK.to),
    deriveKey,
    expiresAt: new Date(Date.now() + SECONDS * 1000),
    data: { organisme: ctx.organisme.id },
    ...secrets(ctx.services.config),
  })
}

/**
 * Accepts the form when its challenge is solved and has not served; without one, within the stricter limit.
 * @throws Refusal when the solution is wrong, too old or used; TooMany beyond the stricter limit.
 */
export async function checkDefi(ctx: Ctx, typed: string | undefined): Promise<void> {
  const { acces } = ctx.services.database
  if (typed === undefined || typed === '') return limitUnproven(acces, ctx.request.ip)
  const payload = parse(typed)
  if (!payload || !(await isSolved(ctx, payload))) throw new Refusal(EXPIRED, 'defi')
  const fresh = await acces.run(sql`insert into acces.defis (empreinte, expire_le)
    values (${createHash('sha256').update(payload.challenge.parameters.nonce).digest()}, now() + ${SECONDS} * interval '1 second')
    on conflict do nothing`)
  if (fresh === 0) throw new Refusal(EXPIRED, 'defi')
}

async function isSolved(ctx: Ctx, payload: Payload): Promise<boolean> {
  if (payload.challenge.parameters.data?.organisme !== ctx.organisme.id) return false
  try {
    return (await verifySolution({ ...payload, deriveKey, ...secrets(ctx.services.config) })).verified
  } catch {
    return false // not hexadecimal, and so on: no browser of ours sends that
  }
}

const EXPIRED =
  'La vérification «\u00a0Je ne suis pas un robot\u00a0» n’est plus valable. Cochez la case de nouveau.'

const Shape = z.object({
  challenge: z.object({ parameters: z.record(z.string(), z.unknown()), signature: z.string().min(1) }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
})

function parse(typed: string): Payload | undefined {
  try {
    const parsed = Shape.safeParse(JSON.parse(Buffer.from(typed, 'base64').toString('utf8')))
    return parsed.success ? (parsed.data as unknown as Payload) : undefined
  } catch {
    return undefined
  }
}
