import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { type Portal, startPortal } from '../../support/portal.ts'
import { type Child, freePort, startServer } from '../../support/process.ts'
import { publish, questionsOf, stored } from './courriers.ts'

let portal: Portal
let dataDir: string
const children: Child[] = []

beforeAll(async () => {
  portal = await startPortal()
  dataDir = await mkdtemp(join(tmpdir(), 'parvis-coupure-'))
})
afterAll(async () => {
  for (const child of children) child.process.kill('SIGKILL')
  await Promise.all(children.map((child) => child.ended))
  await rm(dataDir, { recursive: true, force: true })
})

async function start(port: number): Promise<Child> {
  const child = await startServer(portal, dataDir, port)
  children.push(child)
  return child
}

/** A multipart post of which `part` of the bytes leave before `kill` is called; the status, or undefined when cut off. */
function post(
  port: number,
  path: string,
  cookie: string,
  body: Buffer,
  boundary: string,
  cut?: { part: number; kill: () => void },
): Promise<{ status: number; location: string } | undefined> {
  return new Promise((resolve) => {
    const req = request(
      {
        host: '127.0.0.1', port, path, method: 'POST', agent: false,
        headers: { host: `localhost:${port}`, cookie, 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': body.length },
      },
      (res) => {
        res.resume()
        resolve({ status: res.statusCode ?? 0, location: String(res.headers.location ?? '') })
      },
    ) // prettier-ignore
    req.on('error', () => resolve(undefined))
    if (!cut) return void req.end(body)
    const at = Math.floor(body.length * cut.part)
    req.write(body.subarray(0, at), () => {
      if (at === body.length) req.end()
      setTimeout(cut.kill, 15)
    })
  })
}

function multipart(
  fields: Record<string, string>,
  files: [field: string, name: string, content: Buffer<ArrayBuffer>][],
): { body: Buffer; boundary: string } {
  const boundary = '----coupure'
  const parts = Object.entries(fields).map(([name, value]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)) // prettier-ignore
  for (const [field, name, content] of files)
    parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n`), content, Buffer.from('\r\n')) // prettier-ignore
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  return { body: Buffer.concat(parts), boundary }
}

it('the application killed while an answer with five files is sent leaves all of it or nothing, and takes it again', async () => {
  const courrier = await publish(portal, '657', ['Les cinq pièces ?'])
  const [question] = await questionsOf(portal, courrier)
  const cns1 = await portal.login('estuaire', 'CNS1')
  const cookie = [...cns1.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const pdf = Buffer.from(await makePdf())
  const files = [1, 2, 3, 4, 5].map(
    (n) => [`fichiers-${question!}`, `piece-${n}.pdf`, pdf] as [string, string, Buffer<ArrayBuffer>],
  )
  const { body, boundary } = multipart(
    { _csrf: cns1.csrf, [`texte-${question!}`]: 'Les voici.', geste: 'envoyer' },
    files,
  )
  const before = await stored(portal)
  const port = await freePort()
  const path = `/courriers/${courrier}/reponse`
  for (const part of [0.3, 0.9, 1]) {
    const child = await start(port)
    await post(port, path, cookie, body, boundary, { part, kill: () => child.process.kill('SIGKILL') })
    await child.ended
    // The server's own connection may still be ending; the database decides by itself.
    await sleep(300)
    const now = await stored(portal)
    if (now.poses !== before.poses) {
      expect(now).toMatchObject({
        poses: before.poses! + 5,
        fichiers: before.fichiers! + 5,
        brouillons: before.brouillons! + 1,
      })
    } else expect(now).toEqual(before)
  }
  await start(port)
  const there = (await stored(portal)).poses === before.poses! + 5
  if (!there)
    expect(await post(port, path, cookie, body, boundary)).toEqual({ status: 303, location: `${path}/envoi` })
  const draft = (await portal.owner.query<{ version: number }>('select version from brouillons where courrier_id = $1', [courrier])).rows[0]! // prettier-ignore
  const form = Buffer.from(
    new URLSearchParams({ _csrf: cns1.csrf, version: String(draft.version) }).toString(),
  )
  // The second step, killed at the very moment at which it is taken.
  const child = children.at(-1)!
  const gone = new Promise<void>((resolve) => {
    const req = request({ host: '127.0.0.1', port, path: `${path}/envoi`, method: 'POST', agent: false, headers: { host: `localhost:${port}`, cookie, 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length } }, (res) => { res.resume(); res.on('end', () => resolve()) }) // prettier-ignore
    req.on('error', () => resolve())
    req.end(form, () => setTimeout(() => child.process.kill('SIGKILL'), 5))
  })
  await gone
  await child.ended
  await sleep(300)
  const { rows } = await portal.owner.query<{ sent: number; pieces: number; drafts: number; unnumbered: number }>(`select
    (select count(*)::int from reponses where courrier_id = $1) as sent,
    (select count(*)::int from reponses r join reponse_fichiers p on p.reponse_id = r.id where r.courrier_id = $1) as pieces,
    (select count(*)::int from brouillons where courrier_id = $1) as drafts,
    (select count(*)::int from reponses where courrier_id = $1 and numero is null) as unnumbered`, [courrier]) // prettier-ignore
  expect([
    { sent: 0, pieces: 0, drafts: 1, unnumbered: 0 },
    { sent: 1, pieces: 5, drafts: 0, unnumbered: 0 },
  ]).toContainEqual(rows[0])
}, 120_000)
