import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { queueMail, queueMails } from '../../../src/kernel/mail/queue.ts'
import type { Worker } from '../../../src/worker.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { type SmtpSink, startSmtp } from '../../support/smtp.ts'

let smtp: SmtpSink
let portal: Portal
let worker: Worker

beforeAll(async () => {
  smtp = await startSmtp()
  portal = await startPortal({ env: { SMTP_URL: smtp.url } })
  worker = await portal.startWorker()
})
beforeEach(() => {
  smtp.delivered.length = 0
  smtp.refuse = undefined
})
afterAll(() => smtp.stop())

interface Row {
  id: string
  objet: string
  essais: number
  envoye_le: Date | null
  abandonne_le: Date | null
  erreur: string
  donnees: unknown
}

async function row(key: string): Promise<Row> {
  const { rows } = await portal.owner.query<Row>('select * from courriels where cle = $1', [key])
  return rows[0]!
}

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean, within = 15_000): Promise<T> {
  const deadline = Date.now() + within
  for (;;) {
    const value = await read()
    if (holds(value)) return value
    if (Date.now() > deadline) throw new Error(`not within ${within} ms: ${JSON.stringify(value)}`)
    await sleep(40)
  }
}

const sent = (key: string) =>
  until(
    () => row(key),
    (r) => r?.envoye_le != null,
  )

/** The queue waits longer after each failure; the owner says « now ». */
async function tryAgainNow(): Promise<void> {
  await portal.owner.query(
    `update graphile_worker._private_jobs set run_at = now() where locked_at is null and attempts < max_attempts`,
  )
  await portal.owner.query(`select pg_notify('jobs:insert', '{"r":1,"count":1}')`)
}

async function queueTo(key: string, to: Parameters<typeof queueMail>[1]['to']): Promise<void> {
  await portal.as('estuaire', 'agent@estuaire.example', (db) =>
    queueMail(db, { key, template: 'activation', to, data: { lien: '/activation/canari' } }),
  )
}

describe('mail: the sending', () => {
  test('a mail leaves by SMTP in HTML and text, under the name and host of the organisme', async () => {
    const { id } = await portal.person('estuaire', '657')
    await queueTo('s1', id)
    const after = await sent('s1')
    expect(after).toMatchObject({ essais: 1, erreur: '', abandonne_le: null })
    expect(after.donnees).toEqual({})
    expect(after.objet).toBe('Activer votre accès à l’extranet')
    expect(smtp.delivered).toHaveLength(1)
    const { mail, recipients, raw } = smtp.delivered[0]!
    expect(recipients).toEqual(['solene.carriveau@atelier.example'])
    expect(mail.from).toMatchObject({ name: 'OMGA de l’Estuaire', address: 'ne-pas-repondre@parvis.example' })
    expect(mail.to).toMatchObject([{ name: 'Solène Carriveau', address: 'solene.carriveau@atelier.example' }])
    expect(mail.subject).toBe('Activer votre accès à l’extranet')
    expect(mail.messageId).toBe(`<${after.id}@localhost>`)
    expect(mail.html).toContain(`href="http://localhost:${portal.port}/activation/canari"`)
    expect(mail.text).toContain(`http://localhost:${portal.port}/activation/canari`)
    expect(mail.attachments).toEqual([])
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r?$/m)
  })

  test('the link of another organisme leads to its own host', async () => {
    const { id } = await portal.person('midi', '657')
    await portal.as('midi', 'agent@midi.example', (db) =>
      queueMail(db, { key: 's2', template: 'activation', to: id, data: { lien: '/activation/x' } }),
    )
    await sent('s2')
    const { mail } = smtp.delivered[0]!
    expect(mail.text).toContain(`http://midi.localhost:${portal.port}/activation/x`)
    expect(mail.from?.name).toBe('AGA du Midi')
  })

  test('a mail that the server refuses leaves later, once, and says meanwhile why it waits', async () => {
    smtp.refuse = 'greylisted, come back later'
    const { id } = await portal.person('estuaire', '657')
    await queueTo('s3', id)
    const waiting = await until(
      () => row('s3'),
      (r) => r.erreur !== '',
    )
    expect(waiting).toMatchObject({ essais: 1, envoye_le: null, abandonne_le: null })
    expect(waiting.erreur).toContain('greylisted')
    smtp.refuse = undefined
    await tryAgainNow()
    expect(await sent('s3')).toMatchObject({ essais: 2, erreur: '' })
    expect(smtp.delivered).toHaveLength(1)
  })

  test('after ten tries it is parked with the reason; let run again, it leaves', async () => {
    smtp.refuse = 'mailbox server on fire'
    const { id } = await portal.person('estuaire', '657')
    await queueTo('s4', id)
    for (let tries = 1; tries <= 10; tries++) {
      await until(
        () => row('s4'),
        (r) => r.essais === tries && r.erreur !== '',
      )
      await until(unlocked, (free) => free)
      expect((await row('s4')).abandonne_le === null).toBe(tries < 10)
      await tryAgainNow()
    }
    await sleep(300)
    const parked = await row('s4')
    expect(parked).toMatchObject({ essais: 10, envoye_le: null })
    expect(parked.abandonne_le).toBeInstanceOf(Date)
    expect(parked.erreur).toContain('on fire')
    expect(portal.logLines.join('\n')).toContain('mail parked')

    smtp.refuse = undefined
    await portal.owner.query(
      `update graphile_worker._private_jobs set attempts = 0, run_at = now() where attempts >= max_attempts`,
    )
    await tryAgainNow()
    expect(await sent('s4')).toMatchObject({ abandonne_le: null, erreur: '' })
  }, 40_000)

  test.each([
    ['a line break', 'visitor@ok.example\r\nBcc: evil@evil.example'],
    ['a comma', 'visitor@ok.example,evil@evil.example'],
    ['a second address in brackets', 'visitor@ok.example <evil@evil.example>'],
  ])('%s in an address: nothing leaves and the row is parked with the reason', async (what, courriel) => {
    await queueTo(`s5 ${what}`, { nom: 'Visiteur', courriel })
    const parked = await until(
      () => row(`s5 ${what}`),
      (r) => r.abandonne_le !== null,
    )
    expect(parked.erreur).toBe('adresse électronique refusée')
    expect(smtp.delivered).toEqual([])
  })

  test('a name with a line break or an address in it adds no header and no recipient', async () => {
    await queueTo('s6', {
      nom: 'Eve\r\nBcc: evil@evil.example, "x" <y@evil.example>',
      courriel: 'eve@ok.example',
    })
    await sent('s6')
    const { recipients, mail, raw } = smtp.delivered[0]!
    expect(recipients).toEqual(['eve@ok.example'])
    expect(mail.to).toHaveLength(1)
    expect(mail.to?.[0]?.name).toMatch(/^Eve [^@<>"\r\n]*$/)
    expect(raw).not.toMatch(/^Bcc:/im)
  })

  test('while the SMTP server is down acts are as quick as ever; when it is back every mail leaves, in time', async () => {
    const { port } = smtp
    await smtp.stop()
    const { id } = await portal.person('estuaire', '657')
    const start = performance.now()
    for (let i = 0; i < 20; i++) await queueTo(`s7 ${i}`, id)
    expect(performance.now() - start).toBeLessThan(2_000)
    await until(
      () => row('s7 19'),
      (r) => r.erreur !== '',
    )
    smtp = await startSmtp(port)
    await until(unlocked, (free) => free)
    await tryAgainNow()
    for (let i = 0; i < 20; i++) await sent(`s7 ${i}`)
    expect(smtp.delivered).toHaveLength(20)
  }, 40_000)

  test('of a lot, those that the server takes leave once, and the others are tried again alone', async () => {
    const people = await Promise.all(
      ['657', 'CNS1', 'agent@estuaire.example'].map((l) => portal.person('estuaire', l)),
    )
    smtp.refuseTo = 'solene.carriveau@atelier.example'
    await portal.as('estuaire', 'agent@estuaire.example', (db) =>
      queueMails(
        db,
        'document-publie',
        people.map(({ id }, i) => ({ key: `s9 ${i}`, to: id, data: { lien: '/documents' } })),
      ),
    )
    await sent('s9 1')
    await sent('s9 2')
    const waiting = await until(
      () => row('s9 0'),
      (r) => r.erreur !== '',
    )
    expect(waiting).toMatchObject({ essais: 1, envoye_le: null, abandonne_le: null })
    smtp.refuseTo = undefined
    await until(unlocked, (free) => free)
    await tryAgainNow()
    expect(await sent('s9 0')).toMatchObject({ essais: 2, erreur: '' })
    expect((await row('s9 1')).essais).toBe(1)
    expect(
      smtp.delivered.map((d) => d.recipients[0]).filter((to) => to === 'solene.carriveau@atelier.example'),
    ).toHaveLength(1)
    expect(smtp.delivered).toHaveLength(3)
  })

  test('a worker that was killed after taking a mail: the next one sends it, under the same Message-ID', async () => {
    await worker.stop()
    const { id } = await portal.person('estuaire', '657')
    await queueTo('s8', id)
    // What a kill -9 leaves: the job is taken, by somebody who is no more.
    await portal.owner.query(
      `update graphile_worker._private_jobs set locked_by = 'pool-of-the-dead', locked_at = now(), attempts = 1
       where payload->>'id' = $1`,
      [(await row('s8')).id],
    )
    worker = await portal.startWorker()
    const after = await sent('s8')
    expect(smtp.delivered.at(-1)?.mail.messageId).toBe(`<${after.id}@localhost>`)
  })

  test('the link of a mail is in no log line', () => {
    expect(portal.logLines.join('\n')).not.toContain('canari')
  })
})

async function unlocked(): Promise<boolean> {
  const { rows } = await portal.owner.query('select 1 from graphile_worker.jobs where locked_at is not null')
  return rows.length === 0
}
