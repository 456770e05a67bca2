import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeJournal } from '../src/kernel/journal.ts'
import { queueMail } from '../src/kernel/mail/queue.ts'
import { type TestDatabase, createTestDatabase } from './support/database.ts'
import { type Child, fetchPage, freePort, startProgram } from './support/process.ts'
import { type SmtpSink, startSmtp } from './support/smtp.ts'

/** The programs as they run for real: web and worker apart, each with its own rights on the database. */
describe('in production', () => {
  let db: TestDatabase
  let smtp: SmtpSink
  let folder: string
  let port: number
  const children: Child[] = []

  beforeAll(async () => {
    db = await createTestDatabase()
    smtp = await startSmtp()
    folder = await mkdtemp(join(tmpdir(), 'parvis-production-'))
    port = await freePort()
  })
  afterAll(async () => {
    for (const child of children) child.process.kill('SIGKILL')
    await Promise.all(children.map((child) => child.ended))
    await smtp.stop()
    await rm(folder, { recursive: true, force: true })
  })

  function start(file: string, env: Record<string, string> = {}): Child {
    const child = startProgram(file, {
      NODE_ENV: 'production',
      PORT: String(port),
      BASE_URL: 'https://portail.example',
      DATA_DIR: folder,
      DATABASE_URL: db.appUrl,
      SESSION_SECRETS: randomBytes(32).toString('hex'),
      ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'ne-pas-repondre@portail.example',
      WORKER: 'outside',
      ...env,
    })
    children.push(child)
    return child
  }

  /** A request that is under way for as long as we like: its body ends when `finish` is called. */
  function slowPost(): {
    finish(): void
    answer: Promise<{ status: number; connection: string | undefined }>
  } {
    const req = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/connexion',
      headers: {
        host: 'localhost',
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': '11',
      },
    })
    req.write('login=')
    return {
      finish: () => req.end('12345'),
      answer: new Promise((resolve, reject) => {
        req.on('error', reject)
        req.on('response', (res) => {
          res.resume()
          res.on('end', () => resolve({ status: res.statusCode ?? 0, connection: res.headers.connection }))
          res.on('error', reject)
        })
      }),
    }
  }

  test('SIGTERM: /readyz says so first, what is under way is answered, then it ends within ten seconds', async () => {
    const child = start('server.ts')
    await child.said('"listening"')
    expect((await fetchPage(port, '/readyz')).status).toBe(200)
    const slow = slowPost()
    await sleep(300)
    const begun = performance.now()
    child.process.kill('SIGTERM')
    await sleep(300)
    expect(await fetchPage(port, '/readyz')).toMatchObject({ status: 503, text: 'not ready: draining\n' })
    expect((await fetchPage(port, '/livez')).status).toBe(200)
    // Whoever has not read /readyz yet is still served, and told not to keep the connection.
    const served = await fetchPage(port, '/')
    expect(served.status).toBe(303)
    expect(served.headers.connection).toBe('close')
    await sleep(5_500)
    await expect(fetchPage(port, '/livez')).rejects.toThrow('ECONNREFUSED')
    slow.finish()
    const answer = await slow.answer
    expect(answer.status).toBeGreaterThanOrEqual(200)
    expect(answer.status).toBeLessThan(500)
    expect(await child.ended).toBe(0)
    expect(performance.now() - begun).toBeLessThan(10_000)
  }, 180_000)

  test('a client that never ends does not keep it longer than ten seconds', async () => {
    const child = start('server.ts')
    await child.said('"listening"')
    const slow = slowPost()
    slow.answer.catch(() => undefined)
    await sleep(300)
    const begun = performance.now()
    child.process.kill('SIGTERM')
    expect(await child.ended).toBe(1)
    expect(performance.now() - begun).toBeLessThan(11_000)
    expect(child.output()).toContain('ending anyway')
  }, 180_000)

  test('the worker in its own process sends what the web process queued, and SIGTERM ends it', async () => {
    const worker = start('worker-main.ts', { DATABASE_OWNER_URL: db.ownerUrl })
    await worker.said('worker started')
    const { id } = await db.person('midi', '657')
    await db.as('midi', 'agent@midi.example', (tx) =>
      queueMail(tx, { key: 'p1', template: 'document-publie', to: id, data: { lien: '/documents' } }),
    )
    for (let i = 0; i < 200 && smtp.delivered.length === 0; i++) await sleep(50)
    expect(smtp.delivered[0]?.mail.text).toContain('https://midi.localhost/documents')
    const begun = performance.now()
    worker.process.kill('SIGTERM')
    expect(await worker.ended).toBe(0)
    expect(performance.now() - begun).toBeLessThan(10_000)
  }, 180_000)

  test('a worker that is killed while it sends: the next one sends every mail, none is lost', async () => {
    smtp.delivered.length = 0
    const { id } = await db.person('estuaire', '657')
    const first = start('worker-main.ts', { DATABASE_OWNER_URL: db.ownerUrl })
    await first.said('worker started')
    for (let i = 0; i < 60; i++) {
      await db.as('estuaire', 'agent@estuaire.example', (tx) =>
        queueMail(tx, { key: `k${i}`, template: 'document-publie', to: id, data: { lien: '/documents' } }),
      )
      if (i === 30) first.process.kill('SIGKILL')
    }
    expect(await first.ended).toBe('SIGKILL')
    start('worker-main.ts', { DATABASE_OWNER_URL: db.ownerUrl })
    let waiting = -1
    for (let i = 0; i < 600 && waiting !== 0; i++) {
      const { rows } = await db.owner.query<{ n: string }>(
        `select count(*) as n from courriels where envoye_le is null`,
      )
      waiting = Number(rows[0]!.n)
      await sleep(50)
    }
    expect(waiting).toBe(0)
    const ids = smtp.delivered.map(({ mail }) => mail.messageId)
    expect(new Set(ids).size).toBe(60)
    // At most one more for each of the four that the killed worker had in hand.
    expect(ids.length).toBeLessThanOrEqual(64)
  }, 240_000)

  test('journal:verify follows every chain, and names the first row that was changed', async () => {
    await db.as('midi', 'agent@midi.example', async (tx) => {
      for (const objet of ['un', 'deux', 'trois']) {
        await writeJournal(tx, undefined, {
          action: 'essai',
          objet,
          objetId: null,
          adherentId: null,
          detail: {},
          request: 'r',
        })
      }
    })
    const whole = start('journal-verify.ts', { DATABASE_OWNER_URL: db.ownerUrl })
    expect(await whole.ended).toBe(0)
    expect(whole.output()).toMatch(/^estuaire: whole$/m)
    expect(whole.output()).toMatch(/^midi: whole$/m)

    const { rows } = await db.owner.query<{ numero: string }>(`select max(numero) - 1 as numero from journal
      where organisme_id = (select id from plateforme.organismes where code = 'midi')`)
    await db.owner.query(`update journal set objet = 'deux et demi' where objet = 'deux'`)
    const broken = start('journal-verify.ts', { DATABASE_OWNER_URL: db.ownerUrl })
    expect(await broken.ended).toBe(1)
    expect(broken.output()).toMatch(
      new RegExp(`^midi: BROKEN at row ${rows[0]!.numero}: its content has been changed$`, 'm'),
    )
    expect(broken.output()).toMatch(/^estuaire: whole$/m)
  }, 180_000)
})
