import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '..', '..')

export interface Child {
  process: ChildProcess
  /** All that it has printed so far, on both streams. */
  output(): string
  /** Resolves when it has printed that; throws with its output when it ends or two minutes pass first. */
  said(text: string): Promise<void>
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | string>
}

/** One of our programs (`server.ts`) as a process of its own, with nothing of our environment but the path. */
export function startProgram(file: string, env: Record<string, string>, args: readonly string[] = []): Child {
  const child = spawn(process.execPath, ['--import', 'tsx', join('src', file), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', TMPDIR: process.env.TMPDIR ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  return {
    process: child,
    output: () => output,
    ended,
    async said(text) {
      let over = false
      void ended.then(() => (over = true))
      for (const deadline = Date.now() + 120_000; !output.includes(text); await sleep(30)) {
        if (over || Date.now() > deadline) throw new Error(`it did not say « ${text} » but:\n${output}`)
      }
    },
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

export interface Fetched {
  status: number
  headers: IncomingMessage['headers']
  text: string
}

/** GET on a connection of its own; rejects when there is no answer. */
export function fetchPage(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const req = request(
      { host: '127.0.0.1', port, path, agent: false, headers: { host: `localhost:${port}`, ...headers } },
      (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('error', reject)
        res.on('end', () =>
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    req.on('error', reject)
    req.setTimeout(15_000, () => req.destroy(new Error('no answer within 15 s')))
    req.end()
  })
}

/** The application as a process of its own, over the database of a test; resolves when it takes requests. */
export async function startServer(
  portal: { appUrl: string; ownerUrl: string },
  dataDir: string,
  port: number,
): Promise<Child> {
  const child = startProgram('server.ts', {
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: portal.appUrl,
    DATABASE_OWNER_URL: portal.ownerUrl,
    BASE_URL: `http://localhost:${port}`,
    LOG_LEVEL: 'info',
  })
  for (let i = 0; ; i++) {
    const up = await fetchPage(port, '/readyz').catch(() => undefined)
    if (up?.status === 200) return child
    if (i > 400) throw new Error(`it does not start:\n${child.output()}`)
    await sleep(100)
  }
}
