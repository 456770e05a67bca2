import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Portal, type Visitor, makeVisitor, startPortal } from './support/portal.ts'
import { type Child, fetchPage, freePort, startProgram, startServer } from './support/process.ts'

/** A portal in service in a process of its own, to which organismes come and go. */
let portal: Portal
let port: number
let dataDir: string
let operateur: Visitor
const children: Child[] = []

beforeAll(async () => {
  portal = await startPortal()
  port = await freePort()
  dataDir = await mkdtemp(join(tmpdir(), 'parvis-organisme-'))
  children.push(await startServer(portal, dataDir, port))
  const known = await portal.login('plateforme', 'operateur@parvis.example')
  operateur = makeVisitor(port, 'plateforme.localhost')
  operateur.csrf = known.csrf
  for (const [name, value] of known.cookies) operateur.cookies.set(name, value)
}, 120_000)

afterAll(async () => {
  for (const child of children) child.process.kill('SIGKILL')
  await Promise.all(children.map((child) => child.ended))
  await rm(dataDir, { recursive: true, force: true })
})

const HOST = 'quercy.localhost'
const at = (path: string) => fetchPage(port, path, { host: `${HOST}:${port}` })

/** `npm run organisme`, to its end. */
async function command(...args: string[]): Promise<{ code: number | string; said: string }> {
  const env = { DATA_DIR: dataDir, DATABASE_URL: portal.appUrl, DATABASE_OWNER_URL: portal.ownerUrl }
  const child = startProgram('organisme-command.ts', env, args)
  children.push(child)
  return { code: await child.ended, said: child.output() }
}

const CREATE = [
  'create', '--code', 'quercy', '--name', 'CGA du Quercy', '--host', HOST,
  '--email', 'odile@quercy.example', '--first-name', 'Odile', '--last-name', 'Castagnet',
] // prettier-ignore

/** The web process hears of it through Postgres, in its own time. */
async function until(status: number): Promise<void> {
  for (let i = 0; (await at('/connexion')).status !== status; i++) {
    if (i > 100) throw new Error(`${HOST} still does not answer ${status}`)
    await sleep(50)
  }
}

test('an organisme is created beside a running portal: its host answers, is closed by the operator, and answers again', async () => {
  expect((await at('/connexion')).status).toBe(421)
  const created = await command(...CREATE)
  expect(created.said).toContain(
    `quercy: created, at ${HOST}. A link to open the account goes to odile@quercy.example.`,
  )
  expect(created.code).toBe(0)
  await until(200)
  expect((await at('/connexion')).text).toContain('CGA du Quercy')
  const { rows } = await portal.owner.query<{ id: string; destinataire: string; role: string; n: number }>(
    `select o.id, c.destinataire, u.role, (select count(*)::int from journal j where j.organisme_id = o.id) as n
     from plateforme.organismes o join courriels c on c.organisme_id = o.id
       join utilisateurs u on u.organisme_id = o.id and u.id = c.destinataire_id where o.code = 'quercy'`,
  )
  expect(rows).toMatchObject([{ destinataire: 'odile@quercy.example', role: 'administrateur' }])
  const organisme = `/plateforme/organismes/${rows[0]!.id}`
  expect((await operateur.get(organisme)).text).toContain('CGA du Quercy')

  const closed = await operateur.post(`${organisme}/suspension`, { motif: 'Contrat échu.' })
  expect(closed.status).toBe(303)
  await until(421)
  const page = await at('/connexion')
  expect(page.text).not.toContain('odile@quercy.example')
  expect((await at('/')).status).toBe(421)
  expect((await fetchPage(port, '/connexion')).status).toBe(200)

  expect((await operateur.post(`${organisme}/retablissement`)).status).toBe(303)
  await until(200)
}, 120_000)

test('the same code again, and a fault of typing, are said in a line; nothing is made', async () => {
  const count = async () =>
    (await portal.owner.query('select count(*)::int as n from plateforme.organismes')).rows[0] as unknown
  const before = await count()
  const same = await command(...CREATE)
  expect([same.code, same.said.trim()]).toEqual([1, 'code: quercy is taken'])
  const wrong = await command(...CREATE.map((word) => (word === 'odile@quercy.example' ? 'odile' : word)))
  expect(wrong.code).toBe(1)
  expect(wrong.said).toMatch(/^adminCourriel: /)
  expect(wrong.said).not.toContain('    at ')
  expect(await count()).toEqual(before)
}, 120_000)
