import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Config } from '../config.ts'
import { readCookie } from '../cookies.ts'
import type { Acces } from '../db.ts'
import type { ParvisRequest } from '../request.ts'
import { cookieName, fingerprint } from '../session.ts'
import { sql } from '../sql.ts'

/** Hours during which what is sent under a session that has run out is still kept for its owner. */
export const ENDED_HOURS = 12
/** Tokens of earlier sessions that a new one remembers. */
export const TOKENS_KEPT = 5

export interface Ended {
  /** Whose it was. */
  accountId: string
  /** What its pages carry: only a page of ours, shown under that session, knows it. */
  csrf: string
}

const LATELY = sql`utilisateur_id is not null and least(expire_le, fin_le) <= now()
  and least(expire_le, fin_le) > now() - ${ENDED_HOURS} * interval '1 hour'`

/** The session of this browser when it ran out by itself lately; one that was ended (log-out, new password) is gone. */
export async function endedSession(
  config: Config,
  acces: Acces,
  req: ParvisRequest,
): Promise<Ended | undefined> {
  const sid = unsigned(readCookie(req, cookieName(config)), config.sessionSecrets)
  if (sid === undefined) return undefined
  const row = await acces.maybe<Ended>(sql`
    select utilisateur_id as "accountId", coalesce(donnees->>'csrfToken', '') as csrf from acces.sessions
    where empreinte = ${fingerprint(sid)} and organisme_id = ${req.organisme.id} and ${LATELY}`)
  return row && row.csrf !== '' ? row : undefined
}

/** Tokens of this person's sessions that ran out lately: pages shown under them may still be open in another tab. */
export async function tokensOfEnded(acces: Acces, organismeId: string, accountId: string): Promise<string[]> {
  const rows = await acces.many<{ csrf: string }>(sql`
    select donnees->>'csrfToken' as csrf from acces.sessions
    where organisme_id = ${organismeId} and utilisateur_id = ${accountId} and ${LATELY} and donnees ? 'csrfToken'
    order by least(expire_le, fin_le) desc limit ${TOKENS_KEPT}`)
  return rows.map((row) => row.csrf)
}

export function sameToken(typed: unknown, known: string): boolean {
  if (typeof typed !== 'string' || typed.length !== known.length) return false
  return timingSafeEqual(Buffer.from(typed), Buffer.from(known))
}

/** The id inside the cookie that express-session signed (`s:id.mac`), when one of our secrets signed it. */
function unsigned(cookie: string | undefined, secrets: readonly string[]): string | undefined {
  const [, sid, mac] = /^s:([^.]+)\.(.+)$/.exec(cookie ?? '') ?? []
  if (sid === undefined || mac === undefined) return undefined
  const signs = (secret: string) =>
    createHmac('sha256', secret).update(sid).digest('base64').replace(/=+$/, '')
  return secrets.some((secret) => sameToken(mac, signs(secret))) ? sid : undefined
}

/** The form stood open under an earlier session of the person who is here now. */
export function isOfEndedSession(req: ParvisRequest, fields: Record<string, unknown>): boolean {
  return (req.session.jetonsPerimes ?? []).some((token) => sameToken(fields._csrf, token))
}
