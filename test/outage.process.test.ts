import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { type Server, createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/kernel/config.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/kernel/embedded-postgres.ts'
import { queueMail } from '../src/kernel/mail/queue.ts'
import { createDatabaseOnce, migrate } from '../src/kernel/migrate.ts'
import { fingerprint } from '../src/kernel/session.ts'
import { type Opened, openServices } from '../src/start.ts'
import { type Worker, startWorker } from '../src/worker.ts'
import { signed } from './support/portal.ts'
import { type Fetched, fetchPage } from './support/process.ts'
import { type Proxy, startProxy } from './support/proxy.ts'
import { appUrl, onDatabase } from './support/urls.ts'
import { loadCast } from './support/world.ts'

/** The portal and its worker on a Postgres of their own, which comes and goes under them. */
describe('the database goes away under the portal', () => {
  let folder: string
  let cluster: EmbeddedPostgres
  let proxy: Proxy
  let opened: Opened
  let worker: Worker
  let server: Server
  let port: number
  let cookie: string
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)

  const startCluster = async () => {
    cluster = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: false })
    proxy.target = cluster.port
  }
  const ownerUrl = () => {
    const url = new URL(cluster.ownerUrl('parvis'))
    url.port = String(proxy.port)
    return url.href
  }

  beforeAll(async () => {
    process.on('unhandledRejection', note)
    process.on('uncaughtException', note)
    folder = await mkdtemp(join(tmpdir(), 'parvis-outage-'))
    await chmod(folder, 0o755)
    proxy = await startProxy()
    await startCluster()
    await createDatabaseOnce(cluster.ownerUrl(), 'parvis')
    await migrate(ownerUrl(), appUrl(ownerUrl()), migrations)
    await loadCast(ownerUrl(), join(folder, 'fichiers'))
    opened = await openServices(
      loadConfig({
        NODE_ENV: 'test',
        DATA_DIR: folder,
        DATABASE_URL: appUrl(onDatabase(ownerUrl(), 'parvis')),
        DATABASE_OWNER_URL: ownerUrl(),
        LOG_LEVEL: 'silent',
      }),
    )
    worker = await startWorker(opened.services, { ownerUrl: ownerUrl(), appUrl: opened.appUrl })
    server = createServer(createApp(opened.services))
    server.listen(0)
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    cookie = await logIn()
  }, 240_000)

  afterAll(async () => {
    await worker.stop()
    server.closeAllConnections()
    server.close()
    await opened.close()
    proxy.stop()
    await cluster.stop()
    process.off('unhandledRejection', note)
    process.off('uncaughtException', note)
    await rm(folder, { recursive: true, force: true })
  })

  async function asOwner<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ connectionString: ownerUrl() })
    await client.connect()
    try {
      return (await client.query<T>(text, values)).rows
    } finally {
      await client.end()
    }
  }

  async function logIn(): Promise<string> {
    const sid = randomBytes(24).toString('base64url')
    await asOwner(
      `insert into acces.sessions (empreinte, organisme_id, utilisateur_id, donnees, expire_le, fin_le)
       select $1, u.organisme_id, u.id, jsonb_build_object('cookie', '{"path": "/"}'::jsonb, 'passport',
         jsonb_build_object('user', u.id)), now() + interval '1 hour', now() + interval '12 hours'
       from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
       where u.login = '657' and o.code = 'estuaire'`,
      [fingerprint(sid)],
    )
    return `sid=${encodeURIComponent(signed(sid))}`
  }

  const home = () => fetchPage(port, '/', { cookie })

  async function until(path: string, status: number, within: number): Promise<Fetched> {
    const deadline = Date.now() + within
    for (;;) {
      const answer = await fetchPage(port, path, { cookie })
      if (answer.status === status) return answer
      if (Date.now() > deadline) throw new Error(`${path} still answers ${answer.status}`)
      await sleep(100)
    }
  }

  async function mailLeaves(key: string): Promise<void> {
    const [person] = await asOwner<{ id: string; organisme_id: string }>(
      `select u.id, u.organisme_id from utilisateurs u where u.login = 'agent@midi.example'`,
    )
    await opened.services.database.inOrganisme({ organismeId: person!.organisme_id, role: 'systeme' }, (db) =>
      queueMail(db, { key, template: 'activation', to: person!.id, data: { lien: '/' } }),
    )
    for (let i = 0; i < 300; i++) {
      const rows = await asOwner('select 1 from courriels where cle = $1 and envoye_le is not null', [key])
      if (rows.length > 0) return
      await sleep(50)
    }
    throw new Error('the worker does not work')
  }

  test('stopped: pages answer 503 with a French sentence, in time; started again: everything works as before', async () => {
    expect((await home()).text).toContain('Solène')
    await cluster.stop()
    proxy.target = undefined
    const begun = performance.now()
    const page = await home()
    expect(performance.now() - begun).toBeLessThan(3_500)
    expect(page.status).toBe(503)
    expect(page.headers['retry-after']).toBe('5')
    expect(page.text).toContain('Une partie du service ne répond pas pour le moment.')
    expect(page.text).not.toMatch(/ECONN|postgres|at [A-Z]/)
    expect((await fetchPage(port, '/livez')).status).toBe(200)
    expect(await fetchPage(port, '/readyz')).toMatchObject({ status: 503, text: 'not ready: database\n' })
    await startCluster()
    expect((await until('/', 200, 5_000)).text).toContain('Solène')
    await until('/readyz', 200, 5_000)
    await mailLeaves('after the stop')
    expect(unhandled).toEqual([])
  }, 180_000)

  test('killed under load: nothing but 200 and 503, never somebody else’s page, and back within five seconds', async () => {
    const seen = new Map<number, number>()
    let wrong = 0
    let running = true
    const visitor = async () => {
      while (running) {
        const answer = await home()
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
        if (answer.status === 200 && !answer.text.includes('Solène')) wrong++
      }
    }
    const visitors = Array.from({ length: 8 }, visitor)
    await sleep(500)
    const [pid] = (await readFile(join(cluster.dataDir, 'postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGQUIT') // immediate: no clean end for anybody
    proxy.target = undefined
    await cluster.stop()
    await sleep(500)
    await startCluster()
    await until('/', 200, 5_000)
    await sleep(500)
    running = false
    await Promise.all(visitors)
    expect([...seen.keys()].sort()).toEqual([200, 503])
    expect(wrong).toBe(0)
    await mailLeaves('after the kill')
    expect(unhandled).toEqual([])
  }, 180_000)
})
