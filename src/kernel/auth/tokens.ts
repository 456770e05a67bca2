import { createHash, randomBytes } from 'node:crypto'
import type { Acces, Db } from '../db.ts'
import { Refusal } from '../errors.ts'
import { sql } from '../sql.ts'

/*
 * Links that open something once: 32 random bytes, of which the database keeps the hash. A link is bound to its
 * organisme, its person, its purpose and the password of the day; a newer one of the same purpose voids it.
 */

export type Purpose = 'activation' | 'mot_de_passe' | 'courriel'

/** Shape of the parameter of such a link, for `words`. */
export const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** Seconds that a link lives: an activation waits for somebody who does not expect it, a forgotten password does not. */
const LIFE: Record<Purpose, number> = { activation: 72 * 3600, mot_de_passe: 30 * 60, courriel: 24 * 3600 }

export interface Token {
  purpose: Purpose
  accountId: string
  /** What the link was made for, to be compared with what is. */
  data: Record<string, string>
  version: number
  /** ISO instant. */
  expiresAt: string
  /** `libre` opens; the others say why it does not. */
  state: 'libre' | 'servi' | 'expire' | 'perime'
}

function fingerprint(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Makes a link's secret and voids those made before for the same purpose. @returns what goes into the address. */
export async function createToken(
  db: Db,
  accountId: string,
  purpose: Purpose,
  data: Record<string, string> = {},
): Promise<string> {
  await lockAccount(db, accountId)
  await revokeTokens(db, accountId, purpose)
  const token = randomBytes(32).toString('base64url')
  await db.run(sql`
    insert into acces.jetons (empreinte, organisme_id, utilisateur_id, usage, donnees, version, expire_le)
    select ${fingerprint(token)}, organisme_id, utilisateur_id, ${purpose}, ${JSON.stringify(data)}::jsonb, version,
      now() + ${LIFE[purpose]} * interval '1 second'
    from acces.secrets where organisme_id = ${db.context.organismeId} and utilisateur_id = ${accountId}`)
  return token
}

/** One link at a time is made for an account: who counts them first is not overtaken. Held until the commit. */
export async function lockAccount(db: Db, accountId: string): Promise<void> {
  const { organismeId } = db.context
  await db.run(sql`insert into acces.secrets (organisme_id, utilisateur_id) values (${organismeId}, ${accountId})
    on conflict do nothing`)
  await db.one(sql`select 1 from acces.secrets where organisme_id = ${organismeId} and utilisateur_id = ${accountId}
    for update`)
}

/** Voids the links of that purpose which have not served. */
export async function revokeTokens(db: Db, accountId: string, purpose: Purpose): Promise<void> {
  await db.run(sql`update acces.jetons set expire_le = least(expire_le, now())
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${accountId} and usage = ${purpose}
      and utilise_le is null`)
}

/** How many such links were made for the account in the last hour. */
export async function countRecentTokens(db: Db, accountId: string, purpose: Purpose): Promise<number> {
  const row = await db.one<{ n: number }>(sql`select count(*)::int as n from acces.jetons
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${accountId} and usage = ${purpose}
      and cree_le > now() - interval '1 hour'`)
  return row.n
}

/** The link with this secret in this organisme, whatever its state, or undefined. */
export function findToken(
  acces: Acces,
  organismeId: string,
  token: string,
  purpose: Purpose,
): Promise<Token | undefined> {
  return acces.maybe<Token>(sql`
    select j.usage as purpose, j.utilisateur_id as "accountId", j.donnees as data, j.version, j.expire_le as "expiresAt",
      case when j.utilise_le is not null then 'servi'
        when j.version <> x.version then 'perime'
        when j.expire_le <= now() then 'expire'
        else 'libre' end as state
    from acces.jetons j
    join acces.secrets x on x.organisme_id = j.organisme_id and x.utilisateur_id = j.utilisateur_id
    where j.empreinte = ${fingerprint(token)} and j.organisme_id = ${organismeId} and j.usage = ${purpose}`)
}

/** Uses the link up, in the transaction of what it opens. @throws Refusal when it no longer opens anything. */
export async function consumeToken(db: Db, token: string, purpose: Purpose): Promise<void> {
  const used = await db.run(sql`
    update acces.jetons j set utilise_le = now()
    from acces.secrets x
    where j.empreinte = ${fingerprint(token)} and j.organisme_id = ${db.context.organismeId} and j.usage = ${purpose}
      and j.utilise_le is null and j.expire_le > now()
      and x.organisme_id = j.organisme_id and x.utilisateur_id = j.utilisateur_id and x.version = j.version`)
  if (used === 0) throw new Refusal('Ce lien ne sert plus. Demandez-en un autre.')
}
