import { createHmac, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { fingerprint } from '../src/kernel/session.ts'
import type { BenchPage } from './pages.ts'

export const SESSION_SECRET = randomBytes(32).toString('hex')

/** The session of somebody who has just logged in: its cookie's value, and what his forms carry. */
export async function logIn(
  owner: pg.Client,
  page: Pick<BenchPage, 'organisme' | 'login'>,
): Promise<{ sid: string; cookie: string; token: string }> {
  const { rows } = await owner.query<{ id: string; organisme_id: string }>(
    `select u.id, u.organisme_id from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
     where o.code = $1 and u.login = $2`,
    [page.organisme, page.login],
  )
  const person = rows[0]
  if (!person) throw new Error(`no ${page.login} at ${page.organisme}`)
  const sid = randomBytes(24).toString('base64url')
  const token = randomBytes(32).toString('hex')
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
        csrfToken: token,
      },
    ],
  )
  return { sid, cookie: encodeURIComponent(signed(sid)), token }
}

export function signed(sid: string): string {
  return `s:${sid}.${createHmac('sha256', SESSION_SECRET).update(sid).digest('base64').replace(/=+$/, '')}`
}

export interface Browser {
  /** Gives where the portal sends him then. @throws Error when it does not send him anywhere. */
  post(path: string, body: URLSearchParams | FormData): Promise<string>
}

/** A permanent at work. */
export async function agent(owner: pg.Client, port: number): Promise<Browser> {
  const { cookie, token } = await logIn(owner, { organisme: 'estuaire', login: 'agent@estuaire.example' })
  const url = `http://localhost:${port}`
  return {
    async post(path, body) {
      const form = body instanceof FormData ? new FormData() : new URLSearchParams()
      form.append('_csrf', token)
      for (const [name, value] of body) form.append(name, value as never)
      const answer = await fetch(url + path, {
        method: 'POST',
        body: form,
        redirect: 'manual',
        headers: { cookie: `sid=${cookie}`, origin: url },
      })
      if (answer.status !== 303) throw new Error(`${path}: ${answer.status}`)
      return answer.headers.get('location')!
    },
  }
}
