import { createHmac, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { fingerprint } from '../src/kernel/session.ts'
import type { BenchPage } from './pages.ts'

export const SESSION_SECRET = randomBytes(32).toString('hex')

/** The value of the session cookie of somebody who has just logged in. */
export async function logIn(owner: pg.Client, page: BenchPage): Promise<{ sid: string; cookie: string }> {
  const { rows } = await owner.query<{ id: string; organisme_id: string }>(
    `select u.id, u.organisme_id from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
     where o.code = $1 and u.login = $2`,
    [page.organisme, page.login],
  )
  const person = rows[0]
  if (!person) throw new Error(`no ${page.login} at ${page.organisme}`)
  const sid = randomBytes(24).toString('base64url')
  await owner.query(
    `insert into acces.sessions (empreinte, organisme_id, utilisateur_id, donnees, expire_le, fin_le)
     values ($1, $2, $3, $4, now() + interval '1 hour', now() + interval '12 hours')`,
    [
      fingerprint(sid),
      person.organisme_id,
      person.id,
      {
        cookie: { path: '/', httpOnly: true },
        passport: { user: person.id },
        csrfToken: randomBytes(32).toString('hex'),
      },
    ],
  )
  return { sid, cookie: encodeURIComponent(signed(sid)) }
}

export function signed(sid: string): string {
  return `s:${sid}.${createHmac('sha256', SESSION_SECRET).update(sid).digest('base64').replace(/=+$/, '')}`
}
