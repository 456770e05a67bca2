import { createHash, randomBytes } from 'node:crypto'
import type { Acces, Db } from '../db.ts'
import type { CookieToSet, Ctx } from '../page.ts'
import { sql } from '../sql.ts'

/*
 * A browser that has once logged in keeps a random cookie. Who comes back with it is no stranger: his wrong passwords
 * count apart. It proves nothing else, and opens nothing.
 */

const COOKIE = 'appareil'
const SECONDS = 180 * 24 * 3600
const TOKEN = /^[A-Za-z0-9_-]{43}$/

function fingerprint(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

function tokenOf(ctx: Ctx): string | undefined {
  const token = ctx.request.cookie(COOKIE)
  return token !== undefined && TOKEN.test(token) ? token : undefined
}

/** Fingerprint of this browser when the account has logged in from it before, else null. */
export async function knownDevice(acces: Acces, ctx: Ctx, accountId: string): Promise<Buffer | null> {
  const token = tokenOf(ctx)
  if (token === undefined) return null
  const row = await acces.maybe(sql`select 1 from acces.appareils
    where utilisateur_id = ${accountId} and empreinte = ${fingerprint(token)}
      and vu_le > now() - ${SECONDS} * interval '1 second'`)
  return row ? fingerprint(token) : null
}

/** Remembers this browser for the account. @returns the cookie to set, and whether the account had others and not this one. */
export async function rememberDevice(
  db: Db,
  ctx: Ctx,
  accountId: string,
): Promise<{ cookie: CookieToSet; isNew: boolean }> {
  const token = tokenOf(ctx) ?? randomBytes(32).toString('base64url')
  const row = await db.one<{ autres: boolean; connu: boolean }>(sql`
    with avant as (select empreinte from acces.appareils where utilisateur_id = ${accountId}),
    ecrit as (
      insert into acces.appareils (empreinte, organisme_id, utilisateur_id, libelle)
      values (${fingerprint(token)}, ${ctx.organisme.id}, ${accountId}, ${ctx.request.agent})
      on conflict (utilisateur_id, empreinte) do update set vu_le = now(), libelle = excluded.libelle)
    select exists (select from avant) as autres,
      exists (select from avant where empreinte = ${fingerprint(token)}) as connu`)
  return { cookie: { name: COOKIE, value: token, maxAge: SECONDS }, isNew: row.autres && !row.connu }
}

/** Forgets every browser of the account: after a new password, each is a stranger again. */
export async function forgetDevices(db: Db, accountId: string): Promise<void> {
  await db.run(sql`delete from acces.appareils where utilisateur_id = ${accountId}`)
}
