import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbeddedPostgres } from '../src/kernel/embedded-postgres.ts'
import { type Child, fetchPage, freePort, startProgram } from './support/process.ts'

const READY = 'Password of everybody'

describe('the demo, as a stranger starts it', () => {
  let dataDir: string
  let port: number
  const children: Child[] = []

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'parvis-demo-'))
    await chmod(dataDir, 0o755) // Postgres runs as another account when we are root
    port = await freePort()
  })
  afterAll(async () => {
    for (const child of children) child.process.kill('SIGKILL')
    await Promise.all(children.map((child) => child.ended))
    await noServer()
    await rm(dataDir, { recursive: true, force: true })
  })

  function start(env: Record<string, string> = {}): Child {
    const child = startProgram('server.ts', { PORT: String(port), DATA_DIR: dataDir, ...env })
    children.push(child)
    return child
  }

  async function asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const server = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres') })
    expect(server.shared).toBe(true)
    const client = new pg.Client({ connectionString: server.ownerUrl('parvis') })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  /** The Postgres server on the folder, or undefined. */
  async function serverPid(): Promise<number | undefined> {
    const file = join(dataDir, 'postgres', 'postmaster.pid')
    if (!existsSync(file)) return undefined
    const pid = Number((await readFile(file, 'utf8')).split('\n')[0])
    try {
      process.kill(pid, 0)
      return pid
    } catch {
      return undefined
    }
  }

  async function noServer(): Promise<void> {
    for (let i = 0; i < 200; i++) {
      if ((await serverPid()) === undefined) return
      await sleep(50)
    }
    throw new Error('a Postgres server is still there after ten seconds')
  }

  async function stop(child: Child, signal: NodeJS.Signals): Promise<void> {
    const begun = performance.now()
    child.process.kill(signal)
    expect(await child.ended).toBe(0)
    expect(performance.now() - begun).toBeLessThan(10_000)
  }

  test('it prints the addresses and log-ins, serves, and SIGTERM stops everything', async () => {
    const child = start()
    await child.said(READY)
    expect(child.output()).toContain(`http://localhost:${port}`)
    expect(child.output()).toContain(`http://midi.localhost:${port}`)
    expect(child.output()).toMatch(/\b657 +adherent +Solène Carriveau/)
    expect(child.output()).toContain('/courriels-demo')
    expect((await fetchPage(port, '/livez')).status).toBe(200)
    expect(await fetchPage(port, '/readyz')).toMatchObject({ status: 200, text: 'ok\n' })
    expect((await fetchPage(port, '/')).headers.location).toBe('/connexion')
    expect((await fetchPage(port, '/courriels-demo')).status).toBe(200)
    expect((await fetchPage(port, '/', { host: 'inconnu.example' })).status).toBe(421)
    await asOwner((client) => client.query(`update utilisateurs set fonction = 'kept' where login = 'COL7'`))
    await stop(child, 'SIGTERM')
    await noServer()
  }, 240_000)

  test('a second start keeps what was done, and its world is loaded once', async () => {
    const child = start()
    await child.said(READY)
    const { rows } = await asOwner((client) =>
      client.query<{ fonction: string; organismes: string }>(
        `select fonction, (select count(*) from plateforme.organismes) as organismes from utilisateurs where login = 'COL7'`,
      ),
    )
    expect(rows).toEqual([{ fonction: 'kept', organismes: '4' }])

    const same = start()
    expect(await same.ended).toBe(1)
    expect(same.output().trim()).toMatch(
      new RegExp(`^Port ${port} is already in use, perhaps by another Parvis: .*PORT=${port + 1} npm start$`),
    )

    const otherPort = await freePort()
    const other = start({ PORT: String(otherPort) })
    await other.said(READY)
    expect(other.output()).toContain('The database is that of another Parvis')
    expect((await fetchPage(otherPort, '/readyz')).status).toBe(200)

    await stop(child, 'SIGINT')
    await other.said('has stopped: this one stops too')
    expect(await other.ended).toBe(1)
    await noServer()
  }, 240_000)

  test('kill -9 leaves no server behind, and the next start works', async () => {
    const child = start()
    await child.said(READY)
    expect(await serverPid()).toBeDefined()
    child.process.kill('SIGKILL')
    expect(await child.ended).toBe('SIGKILL')
    await noServer()
    const next = start()
    await next.said(READY)
    expect((await fetchPage(port, '/readyz')).status).toBe(200)
    await stop(next, 'SIGTERM')
  }, 240_000)

  test('two first starts at the same moment on one folder: one world, two portals', async () => {
    const fresh = join(dataDir, 'fresh')
    const ports = [await freePort(), await freePort()]
    const both = ports.map((one) => start({ PORT: String(one), DATA_DIR: fresh }))
    await Promise.all(both.map((child) => child.said(READY)))
    for (const one of ports) expect((await fetchPage(one, '/readyz')).status).toBe(200)
    for (const child of both) child.process.kill('SIGTERM')
    expect(await Promise.all(both.map((child) => child.ended))).toEqual([0, 0])
  }, 240_000)

  test('a setting that cannot be used is named in one line, without a stack', async () => {
    const nowhere = 'postgres://a:b@127.0.0.1:1/x'
    const unreachable = start({ DATABASE_URL: nowhere, DATABASE_OWNER_URL: nowhere })
    expect(await unreachable.ended).toBe(1)
    expect(unreachable.output()).toMatch(/^The database cannot be reached with DATABASE_OWNER_URL: [^\n]*\n$/)
    const production = start({ NODE_ENV: 'production' })
    expect(await production.ended).toBe(1)
    expect(production.output()).toMatch(/^DATABASE_URL: required in production/)
    expect(production.output()).not.toContain('    at ')
  }, 180_000)
})
