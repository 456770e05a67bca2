import { once } from 'node:events'
import { type RequestListener, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'
import { createApp } from '../../src/app.ts'
import { assetUrl } from '../../src/kernel/assets.ts'
import { type Config } from '../../src/kernel/config.ts'
import { openDatabase } from '../../src/kernel/db.ts'
import { openStorage } from '../../src/kernel/files/storage.ts'
import { createLog } from '../../src/kernel/log.ts'
import { cookieName, fingerprint } from '../../src/kernel/session.ts'
import { createViews } from '../../src/kernel/views.ts'
import { VIEWS_DIR } from '../../src/start.ts'
import { type Piece, cut } from './cut.ts'

export interface Statement {
  name: string
  text: string
  /** `session` stands for the hash of the session id of the request. */
  values: ({ session: true } | { value: unknown })[]
}

/** What the FLOOR server of a page needs: its statements, those of one list travel together, and its bytes. */
export interface Plan {
  batches: Statement[][]
  headers: [name: string, value: string][]
  pieces: Piece[]
  bytes: number
}

/** Asks the portal for the page once and notes what it sends to Postgres, what comes back, and the page. */
export async function capture(
  config: Config,
  databaseUrl: string,
  page: { host: string; path: string },
  session: { sid: string; cookie: string },
): Promise<Plan> {
  const database = openDatabase({ url: databaseUrl, max: 4 })
  const services = {
    config,
    database,
    storage: await openStorage(config.storageUrl),
    views: createViews({ viewsDir: VIEWS_DIR, assetUrl }),
    log: createLog('silent'),
    clock: () => new Date(),
  }
  const server = createServer(createApp(services) as RequestListener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const ask = () =>
    fetchPage((server.address() as AddressInfo).port, page, `${cookieName(config)}=${session.cookie}`)
  try {
    await ask() // the organisme of the host is known from now on
    const noted = noteQueries()
    const { headers, body } = await ask()
    const { batches, rows } = await noted.end()
    const print = fingerprint(session.sid)
    return {
      batches: together(batches).map((batch) =>
        batch.map(({ name, text, values }) => ({
          name,
          text,
          values: values.map((value) =>
            Buffer.isBuffer(value) && value.equals(print) ? { session: true } : { value },
          ),
        })),
      ),
      headers,
      pieces: cut(body, rows),
      bytes: Buffer.byteLength(body),
    }
  } finally {
    server.closeAllConnections()
    server.close()
    await database.close()
  }
}

interface Noted {
  name: string
  text: string
  values: unknown[]
}

/** Every statement of this process, until the end; those sent while another was on its way share its batch. */
function noteQueries() {
  const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown }
  const { query } = prototype
  const batches: Noted[][] = []
  const answers: Promise<unknown[]>[] = []
  let flying = 0
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const result = query.apply(this, args) as Promise<{ rows: unknown[] }>
    if (flying++ === 0) batches.push([])
    batches.at(-1)!.push(args[0] as Noted)
    answers.push(result.then((r) => r.rows).finally(() => void flying--))
    return result
  }
  return {
    async end() {
      prototype.query = query
      return { batches, rows: await Promise.all(answers) }
    },
  }
}

/** The COMMIT of a page that only reads travels with the page. */
function together(batches: Noted[][]): Noted[][] {
  const last = batches.at(-1)
  if (batches.length < 2 || last?.length !== 1 || last[0]?.text !== 'commit') return batches
  return [...batches.slice(0, -2), [...batches.at(-2)!, ...last]]
}

function fetchPage(port: number, { host, path }: { host: string; path: string }, cookie: string) {
  return new Promise<{ headers: [string, string][]; body: string }>((resolve, reject) => {
    const headers = { host: `${host}:${port}`, cookie, accept: 'text/html' }
    get({ host: '127.0.0.1', port, path, headers }, (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () => {
        if (res.statusCode !== 200) return reject(new Error(`${path} answered ${res.statusCode}`))
        const kept = Object.entries(res.headers).filter(([name]) => !OWN.has(name))
        resolve({ headers: kept as [string, string][], body: Buffer.concat(chunks).toString('utf8') })
      })
    }).on('error', reject)
  })
}

/** Headers that node:http writes itself. */
const OWN = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'])
