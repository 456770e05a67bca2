import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { siretOf } from '../../../seeds/siret.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { type Child, freePort, startServer } from '../../support/process.ts'

const BASE = '/clients/mises-a-jour'
let portal: Portal
let cns1: Visitor
let dataDir: string
const children: Child[] = []

beforeAll(async () => {
  portal = await startPortal()
  cns1 = await portal.login('estuaire', 'CNS1')
  dataDir = await mkdtemp(join(tmpdir(), 'parvis-coupure-'))
})
afterAll(async () => {
  for (const child of children) child.process.kill('SIGKILL')
  await Promise.all(children.map((child) => child.ended))
  await rm(dataDir, { recursive: true, force: true })
})

/** « Envoyer les mises à jour » pressed, and the application killed so many milliseconds later; null leaves it alive. */
function press(port: number, child: Child, killAfter: number | null): Promise<number | undefined> {
  const body = new URLSearchParams({ _csrf: cns1.csrf }).toString()
  return new Promise((resolve) => {
    const req = request(
      {
        host: '127.0.0.1',
        port,
        path: `${BASE}/envoi`,
        method: 'POST',
        agent: false,
        headers: {
          host: `localhost:${port}`,
          cookie: [...cns1.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': body.length,
        },
      },
      (res) => {
        res.resume()
        resolve(res.statusCode)
      },
    )
    req.on('error', () => resolve(undefined))
    req.end(body, () => {
      if (killAfter !== null) setTimeout(() => child.process.kill('SIGKILL'), killAfter)
    })
  })
}

/** The act has five effects: they are there together or not at all. */
async function effects() {
  const { rows } = await portal.owner.query<Record<string, number>>(`select
    (select count(*)::int from listes_clients where envoyee_le > now() - interval '1 hour') as listes,
    (select count(*)::int from mouvements_clients where liste_id is null) as attendent,
    (select count(*)::int from fils where sujet like '%Mise à jour liste clients%' and ecrit_le > now() - interval '1 hour') as fils,
    (select count(*)::int from courriels where modele = 'liste-clients-recue' and cree_le > now() - interval '1 hour') as mails,
    (select count(*)::int from journal where action = 'clients.envoyes') as ecrits`)
  return rows[0]!
}

it('the application killed while the list of clients is sent: the whole act, or nothing and it is sent again', async () => {
  await portal.owner.query('delete from mouvements_clients')
  await portal.owner.query('delete from listes_clients')
  const lines = Array.from({ length: 400 }, (_, i) => ` ; COUPURE n°${i} ; ${siretOf(4000 + i)} ; Métier`)
  const lignes = ['n° ; nom ; siret ; profession', ...lines].join('\r\n')
  expect((await cns1.post(`${BASE}/collage`, { lignes })).status).toBe(303)
  const before = await effects()
  expect(before).toMatchObject({ listes: 0, attendent: 400 })
  const port = await freePort()
  let sent = false
  for (const killAfter of [40, 250, 700]) {
    const child = await startServer(portal, dataDir, port)
    children.push(child)
    await press(port, child, killAfter)
    await child.ended
    // The server's own connection may still be ending; the database decides by itself.
    await sleep(300)
    const now = await effects()
    if (now.listes === 0) expect(now).toEqual(before)
    else {
      expect(now).toMatchObject({ listes: 1, attendent: 0, fils: before.fils! + 1, mails: before.mails! + 1 })
      sent = true
    }
  }
  const last = await startServer(portal, dataDir, port)
  children.push(last)
  expect(await press(port, last, null)).toBe(sent ? 422 : 303)
  expect(await effects()).toMatchObject({
    listes: 1,
    attendent: 0,
    fils: before.fils! + 1,
    mails: before.mails! + 1,
  })
}, 120_000)
