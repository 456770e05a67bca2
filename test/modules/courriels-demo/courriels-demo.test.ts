import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { keepCaught, listCaught } from '../../../src/kernel/mail/caught.ts'
import { queueMail } from '../../../src/kernel/mail/queue.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal

async function mailTo(organisme: string, key: string): Promise<void> {
  const { id } = await portal.person(organisme, '657')
  await portal.as(organisme, `agent@${organisme}.example`, (db) =>
    queueMail(db, { key, template: 'activation', to: id, data: { lien: `/activation/${key}` } }),
  )
  for (let i = 0; i < 200; i++) {
    const { rows } = await portal.owner.query(
      'select 1 from courriels where cle = $1 and envoye_le is not null',
      [key],
    )
    if (rows.length > 0) return
    await sleep(50)
  }
  throw new Error('the mail was not caught')
}

beforeAll(async () => {
  portal = await startPortal()
  await portal.startWorker()
  await mailTo('estuaire', 'pour-estuaire')
  await mailTo('midi', 'pour-midi')
})

async function firstId(organisme: string): Promise<string> {
  const { text } = await portal.visitor(organisme).get('/courriels-demo')
  return /href="\/courriels-demo\/([0-9a-f-]{36})"/.exec(text)![1]!
}

describe('demo: the caught mails', () => {
  test('each organisme sees its own and no other', async () => {
    const estuaire = await portal.visitor('estuaire').get('/courriels-demo')
    expect(estuaire.status).toBe(200)
    expect(estuaire.text).toContain('solene.carriveau@atelier.example')
    expect(estuaire.text).not.toContain('marius.sabran')
    const midi = await portal.visitor('midi').get('/courriels-demo')
    expect(midi.text).toContain('marius.sabran@veto.example')
    expect(midi.text).not.toContain('solene.carriveau')
    const theirs = await firstId('midi')
    for (const part of ['', '/apercu', '/fichier']) {
      expect((await portal.visitor('estuaire').get(`/courriels-demo/${theirs}${part}`)).status).toBe(404)
    }
  })

  test('a mail shows its text and its link as something to click', async () => {
    const { status, text } = await portal.visitor().get(`/courriels-demo/${await firstId('estuaire')}`)
    expect(status).toBe(200)
    expect(text).toContain('Activer votre accès à l’extranet')
    expect(text).toContain('solene.carriveau@atelier.example')
    expect(text).toMatch(
      new RegExp(`<a class="btn[^"]*" href="http://localhost:${portal.port}/activation/pour-estuaire"`),
    )
  })

  test('its HTML is shown without script, origin or sending, and the file is the message as it was sent', async () => {
    const id = await firstId('estuaire')
    const preview = await portal.visitor().get(`/courriels-demo/${id}/apercu`)
    expect(preview.headers['content-type']).toContain('text/html')
    expect(preview.headers['content-security-policy']).toMatch(
      /^sandbox; default-src 'none'; style-src 'unsafe-inline';/,
    )
    expect(preview.headers['cache-control']).toBe('no-store')
    const file = await portal.visitor().get(`/courriels-demo/${id}/fichier`)
    expect(file.headers['content-type']).toBe('message/rfc822')
    expect(file.headers['content-disposition']).toMatch(/^attachment/)
    expect(file.text).toContain('X-Parvis-Organisme: estuaire')
  })

  test('outside the demo none of it exists', async () => {
    const id = await firstId('estuaire')
    portal.services.config.demo = false
    try {
      for (const path of ['/courriels-demo', `/courriels-demo/${id}`, `/courriels-demo/${id}/apercu`]) {
        expect((await portal.visitor().get(path)).status).toBe(404)
      }
    } finally {
      portal.services.config.demo = true
    }
  })

  test('only the last two hundred are kept', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parvis-caught-'))
    for (let i = 0; i < 203; i++) {
      await keepCaught(folder, Buffer.from(`Subject: n ${i}\r\nX-Parvis-Organisme: a\r\n\r\nx\r\n`))
      await sleep(2)
    }
    const kept = await listCaught(folder, 'a')
    expect(kept).toHaveLength(200)
    expect(kept[0]?.objet).toBe('n 202')
    expect(kept.at(-1)?.objet).toBe('n 3')
    expect(await readdir(folder)).toHaveLength(200)
    await rm(folder, { recursive: true })
  })
})
