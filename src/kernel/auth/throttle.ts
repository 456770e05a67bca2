import { createHash } from 'node:crypto'
import type { Acces } from '../db.ts'
import { TooMany } from '../errors.ts'
import { type Sql, sql } from '../sql.ts'
import { addressOf, networkOf } from './address.ts'

/*
 * Counters of tries. They lie in Postgres, so that all processes count together, by its clock, and each is written on
 * its own, so that the refusal which rolls a request back keeps it. A try is counted before the password is looked at:
 * fifty at once pass no more than five one after the other.
 */

const WINDOW = sql`interval '24 hours'`

/** From the fifth failure in 24 hours: 60 s, doubling to 15 min; from the 25th, when it may lock, the rest of the day. */
function countTry(key: string, mayLock: boolean): Sql {
  return sql`
    insert into acces.tentatives as t (cle, nombre) values (${key}, 1)
    on conflict (cle) do update set
      derniere = now(),
      refus = case when t.bloque_jusqu_a > now() then t.refus + 1 else 0 end,
      nombre = case when t.bloque_jusqu_a > now() then t.nombre when t.depuis < now() - ${WINDOW} then 1
        else t.nombre + 1 end,
      depuis = case when t.bloque_jusqu_a > now() or t.depuis >= now() - ${WINDOW} then t.depuis else now() end,
      bloque_jusqu_a = case
        when t.bloque_jusqu_a > now() then t.bloque_jusqu_a
        when t.depuis < now() - ${WINDOW} then null
        when ${mayLock}::boolean and t.nombre >= 24 then t.depuis + ${WINDOW}
        when t.nombre >= 4 then now() + least(60 * power(2, least(t.nombre, 20) - 4), 900) * interval '1 second'
      end
    returning nombre as count, refus > 0 as refused,
      coalesce(ceil(extract(epoch from bloque_jusqu_a - now())), 0)::int as wait`
}

export interface Try {
  /** Failures of the last 24 hours, this one included until it succeeds. */
  count: number
  /** True when it must not even be looked at. */
  refused: boolean
  /** Seconds until the next one is looked at. */
  wait: number
}

/** Whose password, from where. */
export interface Aim {
  organismeId: string
  /** Id of the account, or what stands for a log-in that nobody has. */
  target: string
  ip: string
  /** Fingerprint of the device, when this account logged in from it before. */
  device: Buffer | null
  /** False when a second factor guards the account: then it is slowed down for ever, and never shut. */
  mayLock: boolean
}

/** What stands for a log-in that nobody has: it may be a password typed in the wrong field. */
export function strangerKey(typed: string): string {
  return createHash('sha256').update(typed.toLowerCase()).digest('hex')
}

function keysOf(aim: Aim): string[] {
  const account = `${aim.organismeId}:${aim.target}`
  if (aim.device) return [`appareil:${account}:${aim.device.toString('hex')}`]
  return [`compte-adresse:${account}:${addressOf(aim.ip)}`, `compte:${account}`]
}

/**
 * Counts one try of a password. A known device counts apart, so that a stranger cannot shut the owner out.
 * @throws TooMany when it must wait; then the password must not be looked at.
 */
export async function countPasswordTry(acces: Acces, aim: Aim): Promise<Try> {
  let last: Try = { count: 0, refused: false, wait: 0 }
  for (const key of keysOf(aim)) {
    last = (await acces.maybe<Try>(countTry(key, aim.mayLock)))!
    if (last.refused) throw new TooMany(waitSentence(last, aim.device !== null), last.wait)
  }
  return last
}

/** The right password came: its counters are forgotten, and this post does not count against its network. */
export async function forgetPasswordTries(acces: Acces, aim: Aim): Promise<void> {
  await acces.run(sql`delete from acces.tentatives where cle = any (${keysOf(aim)})`)
  await acces.run(sql`update acces.tentatives set nombre = nombre - 1
    where cle = ${`rythme:${addressOf(aim.ip)}`} and nombre > 0`)
}

/** Opens an account that tries had shut: its owner has just chosen a new password. */
export function openAccount(organismeId: string, accountId: string): Sql {
  return sql`delete from acces.tentatives where starts_with(cle, ${`compte:${organismeId}:${accountId}`})
    or starts_with(cle, ${`compte-adresse:${organismeId}:${accountId}`})
    or starts_with(cle, ${`appareil:${organismeId}:${accountId}`})`
}

/**
 * Counts one try of something else than the log-in password (a code, the password asked again in the profile).
 * @param what the kind and whose: `code:…`
 */
export async function countOwnTry(acces: Acces, what: string): Promise<Try> {
  return (await acces.maybe<Try>(countTry(what, true)))!
}

export async function forgetOwnTries(acces: Acces, what: string): Promise<void> {
  await acces.run(sql`delete from acces.tentatives where cle = ${what}`)
}

function waitSentence({ wait }: Try, known: boolean): string {
  const where = known ? '' : ' depuis un appareil que nous ne connaissons pas'
  return `Trop d’essais ont échoué${where}. Attendez ${duration(wait)}, ou demandez un nouveau mot de passe.`
}

/** « 40 secondes », « 3 minutes », « 5 heures ». @param seconds rounded up to the unit that is said. */
export function duration(seconds: number): string {
  if (seconds < 60) return plural(Math.max(1, seconds), 'seconde')
  if (seconds < 3600) return plural(Math.ceil(seconds / 60), 'minute')
  return plural(Math.ceil(seconds / 3600), 'heure')
}

function plural(n: number, word: string): string {
  return `${n} ${word}${n > 1 ? 's' : ''}`
}

function countInWindow(key: string, seconds: number): Sql {
  return sql`
    insert into acces.tentatives as t (cle, nombre) values (${key}, 1)
    on conflict (cle) do update set
      derniere = now(),
      nombre = case when t.depuis < now() - ${seconds} * interval '1 second' then 1 else t.nombre + 1 end,
      depuis = case when t.depuis < now() - ${seconds} * interval '1 second' then now() else t.depuis end
    returning nombre as count,
      greatest(1, ceil(extract(epoch from depuis + ${seconds} * interval '1 second' - now())))::int as rest`
}

export const POSTS_PER_MINUTE = 10

/**
 * Counts one post that guesses or sends (log-in, code, forgotten password, activation).
 * @throws TooMany beyond ten a minute from one address.
 */
export function limitPosts(acces: Acces, ip: string): Promise<void> {
  return limitMinute(acces, `rythme:${addressOf(ip)}`, POSTS_PER_MINUTE, 'd’essais')
}

/** Readings of a secret address a minute from one network address: programs come some times a day. */
const READINGS_PER_MINUTE = 30

/** Counts one reading of a secret address that needs no log-in. @throws TooMany beyond thirty a minute. */
export function limitReadings(acces: Acces, ip: string): Promise<void> {
  return limitMinute(acces, `lecture:${addressOf(ip)}`, READINGS_PER_MINUTE, 'de lectures')
}

async function limitMinute(acces: Acces, key: string, most: number, what: string): Promise<void> {
  const { count, rest } = (await acces.maybe<{ count: number; rest: number }>(countInWindow(key, 60)))!
  if (count <= most) return
  throw new TooMany(`Trop ${what} depuis votre réseau. Attendez ${duration(rest)}, puis recommencez.`, rest)
}

/** Refusals of visitors that the journal of an organisme takes in a minute: nobody makes it grow by asking. The log has all. */
const REFUSALS_PER_MINUTE = 30

/** Counts one refusal of somebody who is not logged in. @returns whether the journal takes it. */
export async function admitRefusal(acces: Acces, organismeId: string): Promise<boolean> {
  const row = await acces.maybe<{ count: number }>(countInWindow(`refus:${organismeId}`, 60))
  return row!.count <= REFUSALS_PER_MINUTE
}

const UNPROVEN = { posts: 3, seconds: 15 * 60 }

/** The stricter limit of those who could not solve the challenge. @throws TooMany beyond three in fifteen minutes. */
export async function limitUnproven(acces: Acces, ip: string): Promise<void> {
  const { count, rest } = (await acces.maybe<{ count: number; rest: number }>(
    countInWindow(`sans-preuve:${addressOf(ip)}`, UNPROVEN.seconds),
  ))!
  if (count <= UNPROVEN.posts) return
  throw new TooMany(
    `Trop de demandes sans vérification depuis votre réseau. Activez JavaScript, ou attendez ${duration(rest)}.`,
    rest,
  )
}

/** Failures of one network in an hour from which its log-ins must solve the challenge, and staff is told. */
export const SUSPECT = { challenge: 10, alert: 100 }

/** Counts a failed or refused log-in against its network. @returns how many in the last hour. */
export async function countNetworkFailure(acces: Acces, ip: string): Promise<number> {
  const row = await acces.maybe<{ count: number }>(countInWindow(`reseau:${networkOf(ip)}`, 3600))
  return row!.count
}

/** Whether so many log-ins failed from this network lately that the next ones must solve the challenge. */
export async function isSuspect(acces: Acces, ip: string): Promise<boolean> {
  const row = await acces.maybe<{ count: number }>(sql`select nombre as count from acces.tentatives
    where cle = ${`reseau:${networkOf(ip)}`} and depuis > now() - interval '1 hour'`)
  return (row?.count ?? 0) >= SUSPECT.challenge
}
