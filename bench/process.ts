import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Usage {
  /** Microseconds on a core, since its start. */
  cpu: number
  /** Bytes: shared pages divided among those who share them where the system says so (Linux), resident elsewhere. */
  memory: number
}

export interface Process {
  usage(): Promise<Usage>
  stop(): Promise<void>
}

export interface Server extends Process {
  port: number
}

const START_WITHIN_MS = 60_000

/** Starts a server in a process of its own, and waits until it answers. */
export async function startServer(
  script: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Server> {
  const port = await freePort()
  const server = startProcess(script, flags, { ...env, PORT: String(port) })
  const started = performance.now()
  while (!(await answers(port))) {
    if (server.ended() || performance.now() - started > START_WITHIN_MS) {
      await server.stop()
      throw new Error(`${script} did not start`)
    }
    await sleep(50)
  }
  return { ...server, port }
}

/** A script in a process of its own. Its log goes nowhere, as to a collector; its faults come to our console. */
export function startProcess(
  script: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
): Process & { ended(): boolean } {
  const loader = script.endsWith('.ts') ? ['--import', 'tsx'] : []
  const args = [...flags, ...loader, '--import', join(import.meta.dirname, 'usage.mjs'), script]
  const { PATH, HOME, TMPDIR } = process.env
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = () => child.exitCode !== null || child.signalCode !== null
  return {
    usage: () => usageOf(child),
    ended,
    async stop() {
      if (ended()) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function usageOf(child: ChildProcess): Promise<Usage> {
  const answer = once(child, 'message') as Promise<[{ cpu: number; rss: number }]>
  child.send('usage')
  const [{ cpu, rss }] = await answer
  return { cpu, memory: proportional(child.pid!) ?? rss }
}

function proportional(pid: number): number | undefined {
  const kilobytes = /^Pss: +(\d+) kB/m.exec(readProc(`/proc/${pid}/smaps_rollup`))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

/** Microseconds on a core of a Postgres server and its processes; undefined where there is no /proc. */
export function postgresCpu(dataDir: string): number | undefined {
  const [postmaster = ''] = readProc(join(dataDir, 'postmaster.pid')).split('\n')
  if (readProc(`/proc/${postmaster}/schedstat`) === '') return undefined
  const pids = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && (pid === postmaster || parentOf(pid) === postmaster),
  )
  const nanoseconds = pids.reduce(
    (sum, pid) => sum + Number(readProc(`/proc/${pid}/schedstat`).split(' ')[0]),
    0,
  )
  return nanoseconds / 1000 + ended(postmaster)
}

const TICK_MICROSECONDS = 10_000

/** Microseconds that ended children of a process used: the system hands them over to their parent. */
function ended(pid: string): number {
  const fields = statOf(pid)
  return (Number(fields[CUTIME]) + Number(fields[CUTIME + 1])) * TICK_MICROSECONDS
}

function parentOf(pid: string): string | undefined {
  return statOf(pid)[1]
}

/** Fields 16 and 17 of proc(5), counted from the state. */
const CUTIME = 13

function statOf(pid: string): string[] {
  // pid (name) state parent …; the name may hold anything.
  return readProc(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? []
}

function readProc(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

async function answers(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/livez`)
    return answer.ok
  } catch {
    return false
  }
}
