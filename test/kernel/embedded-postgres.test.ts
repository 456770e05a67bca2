import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import {
  canEnter,
  chooseAccount,
  nativeFolder,
  prepareBinaries,
} from '../../src/kernel/embedded-postgres-host.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const isRoot = process.getuid?.() === 0
const outside = process.env.TMPDIR

let folder: string
let dataDir: string
let servers: EmbeddedPostgres[]
let children: ChildProcess[]

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parvis-launcher-'))
  fs.chmodSync(folder, 0o777) // for the children that run as another account
  dataDir = path.join(folder, 'var', 'postgres')
  servers = []
  children = []
})

afterEach(async () => {
  for (const child of children.filter(
    ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
  )) {
    child.kill('SIGTERM')
    await ended(child)
  }
  for (const server of servers) await server.stop()
  if (outside === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = outside
  await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

async function start(where = dataDir, durable = false): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: where, durable })
  servers.push(server)
  return server
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
  await client.end()
  return rows.flat()
}

interface Told {
  port: number
  shared: boolean
  url: string
}

/** Another process that starts the server, tells about it and stays; on SIGINT it counts notes, then stops. */
async function startInChild(
  options: { uid?: number; gid?: number; detached?: boolean } = {},
): Promise<Told & { child: ChildProcess; pid: number; nextLine: () => Promise<string> }> {
  const module = new URL('../../src/kernel/embedded-postgres.ts', import.meta.url).href
  const script = `
    import pg from 'pg'
    const { startEmbeddedPostgres } = await import(${JSON.stringify(module)})
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false })
    const staying = setInterval(() => {}, 1000)
    process.once('SIGTERM', () => server.stop().then(() => process.exit(0)))
    process.once('SIGINT', async () => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      const client = new pg.Client(server.ownerUrl())
      await client.connect()
      console.log((await client.query('select 40 + 2 as answer')).rows[0].answer)
      await client.end()
      await server.stop()
      clearInterval(staying)
    })
    console.log(JSON.stringify({ port: server.port, shared: server.shared, url: server.ownerUrl() }))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => {
    const line = await lines.next()
    if (line.done) throw new Error('the child ended without an answer')
    return line.value
  }
  return { ...(JSON.parse(await nextLine()) as Told), child, pid: child.pid ?? 0, nextLine }
}

const serverPid = (where = dataDir) =>
  Number(fs.readFileSync(path.join(where, 'postmaster.pid'), 'utf8').split('\n')[0])

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // a dead process stays until it is waited for, which some containers do late
  return !fs.existsSync('/proc/self/cmdline') || commandOf(pid) !== ''
}

/** The processes of the shell that holds the server of this folder. */
function shellsOf(where: string): number[] {
  const commands = fs.existsSync('/proc/self/cmdline')
    ? fs
        .readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => `${pid} ${commandOf(pid)}`)
    : execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return commands
    .filter((line) => line.includes('/bin/sh -c') && line.includes(where))
    .map((line) => Number.parseInt(line, 10))
}

function commandOf(pid: string | number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // gone meanwhile
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function killHard(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await ended(child)
}

describe('the embedded Postgres', () => {
  test('starts on an empty folder, in French, and answers only to the password kept there', async () => {
    const server = await start()
    expect(server).toMatchObject({ shared: false, dataDir })
    expect(await ask(server.ownerUrl(), 'select current_user, usesuper from pg_user')).toEqual([
      'parvis',
      true,
    ])
    const words = "unnest(array['zèbre', 'Éclair', 'été', 'cote', 'coté'])"
    expect(await ask(server.ownerUrl(), `select word from ${words} word order by word`)).toEqual([
      'cote',
      'coté',
      'Éclair',
      'été',
      'zèbre',
    ])
    expect(await ask(server.ownerUrl(), 'show max_connections')).toEqual(['60'])
    expect(await ask(server.ownerUrl('template1'), 'select current_database()')).toEqual(['template1'])

    const secret = fs.statSync(path.join(dataDir, 'parvis.password'))
    expect(secret.mode & 0o777).toBe(0o600)
    const wrong = server.ownerUrl().replace(/:[0-9a-f]+@/, ':wrong@')
    await expect(ask(wrong, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  test('keeps its data from one start to the next, and frees everything between', async () => {
    const first = await start()
    await ask(first.ownerUrl(), "create table note as select 'kept' as text")
    const pid = serverPid()
    await Promise.all([first.stop(), first.stop()])
    expect(isAlive(pid)).toBe(false)
    const second = await start()
    expect(second.shared).toBe(false)
    expect(await ask(second.ownerUrl(), 'select text from note')).toEqual(['kept'])
  })

  test('is shared by a second start on the same folder, which does not stop it', async () => {
    const first = await start()
    const second = await startInChild()
    expect(second).toMatchObject({ port: first.port, shared: true, url: first.ownerUrl() })
    second.child.kill('SIGTERM')
    await ended(second.child)
    expect(await ask(first.ownerUrl(), 'select 1')).toEqual([1])
  })

  test('is made once when several starts meet on an empty folder', async () => {
    const starts = await Promise.all([startInChild(), startInChild(), startInChild()])
    expect(new Set(starts.map(({ port }) => port)).size).toBe(1)
    expect(starts.map(({ shared }) => shared).sort()).toEqual([false, true, true])
    for (const { url } of starts) expect(await ask(url, 'select 1')).toEqual([1])
    expect(fs.readdirSync(path.dirname(dataDir)).sort()).toEqual(['postgres', 'postgres.log'])
  })

  test('leaves no server behind when its process is killed with SIGKILL', async () => {
    const { child } = await startInChild()
    const pid = serverPid()
    expect(isAlive(pid)).toBe(true)
    await killHard(child)
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false)
  })

  test('starts again at once after SIGKILL, on a server of its own, with the data', async () => {
    const { child, url } = await startInChild()
    await ask(url, "create table note as select 'kept' as text")
    await killHard(child)
    const again = await start()
    expect(again.shared).toBe(false)
    await sleep(300) // a server on its way out would be gone now
    expect(await ask(again.ownerUrl(), 'select text from note')).toEqual(['kept'])
  })

  test('does not join a server that lost its process and its supervisor, but replaces it', async () => {
    const { child, url } = await startInChild()
    await ask(url, "create table note as select 'kept' as text")
    const orphan = serverPid()
    child.kill('SIGSTOP') // it would close the pipe at the death of the first shell
    for (const pid of shellsOf(dataDir)) process.kill(pid, 'SIGKILL')
    await killHard(child)
    await sleep(300)
    expect(isAlive(orphan)).toBe(true)
    const again = await start()
    expect(again.shared).toBe(false)
    await expect.poll(() => isAlive(orphan)).toBe(false)
    expect(await ask(again.ownerUrl(), 'select text from note')).toEqual(['kept'])
  })

  test('recovers when the server itself was killed and its pid now belongs to another process', async () => {
    const first = await start(dataDir, true)
    await ask(first.ownerUrl(), "create table note as select 'kept' as text")
    const pidFile = path.join(dataDir, 'postmaster.pid')
    const left = fs.readFileSync(pidFile, 'utf8')
    const { mode, uid, gid } = fs.statSync(pidFile)
    process.kill(serverPid(), 'SIGKILL')
    await first.stop()
    expect(fs.existsSync(pidFile)).toBe(true)
    // of the same account: Postgres itself sees through a process of another one
    const other = spawn('sleep', ['60'], { stdio: 'ignore', ...(isRoot ? { uid, gid } : {}) })
    children.push(other)
    fs.writeFileSync(pidFile, left.replace(/^\d+/, String(other.pid)), { mode })
    if (isRoot) fs.chownSync(pidFile, uid, gid)
    const second = await start(dataDir, true)
    expect(second.shared).toBe(false)
    expect(await ask(second.ownerUrl(), 'select text from note')).toEqual(['kept'])
  })

  test('lets the app drain on Ctrl-C before it stops', async () => {
    const { child, pid, nextLine } = await startInChild({ detached: true })
    const server = serverPid()
    process.kill(-pid, 'SIGINT') // what a terminal does: to the whole group
    expect(await nextLine()).toBe('42')
    await ended(child)
    expect(child.exitCode).toBe(0)
    expect(isAlive(server)).toBe(false)
  })

  test('runs for an ordinary account, and never as root', async () => {
    const nobody = { uid: 65534, gid: 65534 }
    const ordinary = isRoot && canEnter({ ...nobody, cwd: '/', env: {} }, repository) ? nobody : {}
    const { url } = await startInChild(ordinary)
    expect(await ask(url, 'select 1')).toEqual([1])
    expect(fs.statSync(dataDir).uid).not.toBe(0)
    if ('uid' in ordinary) expect(fs.statSync(dataDir).uid).toBe(ordinary.uid)
  })

  test('runs as root on the folder of an ordinary account without taking it away', async () => {
    const nobody = isRoot ? { uid: 65534, gid: 65534 } : {}
    if (isRoot && !canEnter({ ...nobody, cwd: '/', env: {} }, repository)) return
    const { child } = await startInChild(nobody)
    const owner = fs.statSync(dataDir).uid
    child.kill('SIGTERM')
    await ended(child)
    await (await start()).stop()
    expect(fs.statSync(dataDir).uid).toBe(owner)
    expect(await startInChild(nobody)).toMatchObject({ shared: false })
  })
})

describe('the embedded Postgres says what to do when', () => {
  test('a file lies in the place of the folder', async () => {
    fs.mkdirSync(path.dirname(dataDir))
    fs.writeFileSync(dataDir, '')
    await expect(start()).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringMatching(/var\/postgres cannot be used: it is a file.*DATABASE_URL/) as string,
    })
    await expect(start(path.join(dataDir, 'below'))).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  test('the folder holds something else, which stays untouched', async () => {
    fs.mkdirSync(dataDir, { recursive: true })
    fs.writeFileSync(path.join(dataDir, 'thesis.txt'), 'years of work')
    await expect(start()).rejects.toMatchObject({
      code: 'FAILED',
      message: expect.stringMatching(/no PostgreSQL database; nothing was touched.*DATABASE_URL/) as string,
    })
    expect(fs.readdirSync(dataDir)).toEqual(['thesis.txt'])
  })

  test('the folder is of another version of PostgreSQL', async () => {
    await (await start()).stop()
    fs.writeFileSync(path.join(dataDir, 'PG_VERSION'), '15\n')
    await expect(start()).rejects.toMatchObject({
      code: 'FAILED',
      message: expect.stringMatching(/is of PostgreSQL 15, and Parvis carries version 18/) as string,
    })
  })

  test('the server refuses its settings: its own words are in the message', async () => {
    await (await start()).stop()
    fs.appendFileSync(path.join(dataDir, 'postgresql.conf'), "shared_buffers = 'many'\n")
    await expect(start()).rejects.toMatchObject({
      code: 'FAILED',
      message: expect.stringMatching(/shared_buffers.*See .*postgres\.log/) as string,
    })
  })

  test('the folder is closed: root moves it to an open place, others are told', async () => {
    process.env.TMPDIR = folder
    const closed = path.join(folder, 'closed')
    fs.mkdirSync(closed, { mode: isRoot ? 0o700 : 0o500 })
    if (isRoot) {
      const server = await start(path.join(closed, 'postgres'))
      expect(server.dataDir).toMatch(/\/parvis-0\/data-[0-9a-f]{12}$/)
      expect(await ask(server.ownerUrl(), 'select 1')).toEqual([1])
      await server.stop()
      expect((await start(path.join(closed, 'postgres'))).dataDir).toBe(server.dataDir)
    } else {
      await expect(start(path.join(closed, 'postgres'))).rejects.toMatchObject({ code: 'UNREACHABLE' })
    }
  })

  test('root names an account that does not exist', () => {
    process.env.PARVIS_PG_USER = 'no-such-account'
    try {
      if (isRoot) expect(() => chooseAccount()).toThrow(/no account “no-such-account”.*PARVIS_PG_USER/)
      else expect(chooseAccount()).not.toHaveProperty('uid')
      process.env.PARVIS_PG_USER = 'root'
      if (isRoot) expect(() => chooseAccount()).toThrow(/no account “root”/)
    } finally {
      delete process.env.PARVIS_PG_USER
    }
  })
})

test('binaries that the account cannot run where they lie are copied once, and again when a cleaner took some', () => {
  process.env.TMPDIR = folder
  const native = path.join(folder, 'closed', 'native')
  fs.cpSync(nativeFolder(), native, {
    recursive: true,
    filter: (from) => !fs.lstatSync(from).isSymbolicLink(),
  })
  fs.chmodSync(path.join(native, 'lib'), 0o555)
  fs.chmodSync(path.dirname(native), 0o700)
  try {
    const { bin, major } = prepareBinaries(chooseAccount(), false, native)
    expect(major).toBe('18')
    expect(bin.startsWith(path.join(folder, `parvis-${process.getuid?.() ?? ''}`))).toBe(true)

    const made = fs.statSync(path.join(bin, 'postgres')).ino
    prepareBinaries(chooseAccount(), false, native)
    expect(fs.statSync(path.join(bin, 'postgres')).ino).toBe(made)

    fs.rmSync(path.join(bin, '..', 'share', 'postgresql', 'postgres.bki'))
    expect(prepareBinaries(chooseAccount(), false, native).bin).toBe(bin)
    expect(fs.existsSync(path.join(bin, '..', 'share', 'postgresql', 'postgres.bki'))).toBe(true)
  } finally {
    fs.chmodSync(path.join(native, 'lib'), 0o755)
  }
})
