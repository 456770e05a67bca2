import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, inject } from 'vitest'
import { assetUrl } from '../../src/kernel/assets.ts'
import { createApp } from '../../src/app.ts'
import { DEMO, loadConfig } from '../../src/kernel/config.ts'
import { openStorage } from '../../src/kernel/files/storage.ts'
import { createLog } from '../../src/kernel/log.ts'
import type { Services } from '../../src/kernel/services.ts'
import { fingerprint } from '../../src/kernel/session.ts'
import { createViews } from '../../src/kernel/views.ts'
import { VIEWS_DIR } from '../../src/start.ts'
import { type Worker, startWorker } from '../../src/worker.ts'
import { type TestDatabase, createTestDatabase } from './database.ts'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  body: Buffer
}

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Posts a form with this session's token; a list repeats its field. */
  post(
    path: string,
    fields?: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Answer>
  /** Posts a multipart form, token first. */
  upload(path: string, fields: Record<string, string>, files: Upload[]): Promise<Answer>
  cookies: Map<string, string>
  csrf: string
}

export interface Upload {
  field: string
  name: string
  content: Buffer | string
  type?: string
}

export interface Portal extends TestDatabase {
  services: Services
  /** http://localhost:port */
  url: string
  port: number
  /** What was logged, one JSON text a line. */
  logLines: string[]
  /** A visitor without session on the host of that organisme (`estuaire` is `localhost`). */
  visitor(organisme?: string): Visitor
  /** That person, logged in without going through the form. */
  login(organisme: string, login: string): Promise<Visitor>
  /** Starts the worker (mails, PDFs, scans) against this database. */
  startWorker(): Promise<Worker>
}

export interface PortalOptions {
  env?: Record<string, string>
  clock?: () => Date
}

/** The whole portal on a free port, over a database of its own. Stopped after the test file. */
export async function startPortal(options: PortalOptions = {}): Promise<Portal> {
  const db = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'parvis-portal-'))
  await cp(inject('filesDir'), join(dataDir, 'fichiers'), { recursive: true })
  const server = createServer()
  server.listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const config = loadConfig({
    NODE_ENV: 'test',
    DATA_DIR: dataDir,
    BASE_URL: `http://localhost:${port}`,
    DATABASE_URL: db.appUrl,
    DATABASE_OWNER_URL: db.ownerUrl,
    LOG_LEVEL: 'info',
    ...options.env,
  })
  const logLines: string[] = []
  const services: Services = {
    config: { ...config, demo: true },
    database: db.database,
    storage: await openStorage(config.storageUrl),
    views: createViews({ viewsDir: VIEWS_DIR, assetUrl }),
    log: createLog(config.logLevel, { write: (line: string) => void logLines.push(line) }),
    clock: options.clock ?? (() => new Date()),
  }
  server.on('request', createApp(services))
  const workers: Worker[] = []
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop().catch(() => undefined)))
    server.closeAllConnections()
    server.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const visitor = (organisme = 'estuaire') => makeVisitor(port, hostOf(organisme))
  return {
    ...db,
    services,
    url: `http://localhost:${port}`,
    port,
    logLines,
    visitor,
    async login(organisme, login) {
      const person = await db.person(organisme, login)
      const who = visitor(organisme)
      const sid = randomBytes(24).toString('base64url')
      await db.owner.query(
        `insert into acces.sessions (empreinte, organisme_id, utilisateur_id, donnees, expire_le, fin_le)
         values ($1, $2, $3, $4, now() + interval '1 hour', now() + interval '12 hours')`,
        [
          fingerprint(sid),
          person.organismeId,
          person.id,
          {
            cookie: { path: '/', httpOnly: true }, passport: { user: person.id }, csrfToken: who.csrf,
            // As after a real log-in; a test of step-up lets it grow old.
            confirmeLe: Date.now(),
          }, // prettier-ignore
        ],
      )
      who.cookies.set('sid', encodeURIComponent(signed(sid)))
      return who
    },
    async startWorker() {
      const worker = await startWorker(services, db)
      workers.push(worker)
      return worker
    },
  }
}

/** `estuaire` is the default organisme, on localhost. */
export function hostOf(organisme: string): string {
  return organisme === 'estuaire' ? 'localhost' : `${organisme}.localhost`
}

/** The value of the session cookie, as the server signs it. */
export function signed(sid: string): string {
  const mac = createHmac('sha256', DEMO.sessionSecret).update(sid).digest('base64').replace(/=+$/, '')
  return `s:${sid}.${mac}`
}

/** A visitor without session of the portal on that port. */
export function makeVisitor(port: number, host: string): Visitor {
  const cookies = new Map<string, string>()
  const send = (method: string, path: string, headers: Record<string, string>, body?: Buffer) =>
    new Promise<Answer>((resolve, reject) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const req = httpRequest(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          headers: {
            host: `${host}:${port}`,
            ...(cookie ? { cookie } : {}),
            ...(body ? { 'content-length': String(body.length) } : {}),
            ...headers,
          },
        },
        (res) => {
          const chunks: Buffer[] = []
          res.on('data', (chunk: Buffer) => chunks.push(chunk))
          res.on('error', reject)
          res.on('end', () => {
            for (const line of res.headers['set-cookie'] ?? []) {
              const [pair = ''] = line.split(';')
              const at = pair.indexOf('=')
              if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(pair.slice(0, at))
              else cookies.set(pair.slice(0, at), pair.slice(at + 1))
            }
            const all = Buffer.concat(chunks)
            resolve({
              status: res.statusCode ?? 0,
              headers: res.headers,
              body: all,
              text: all.toString('utf8'),
            })
          })
        },
      )
      req.on('error', reject)
      req.end(body)
    })
  const visitor: Visitor = {
    cookies,
    csrf: randomBytes(32).toString('hex'),
    async get(path, headers = {}) {
      const answer = await send('GET', path, headers)
      const token = /name="_csrf" value="([0-9a-f]+)"/.exec(answer.text)
      if (token?.[1]) visitor.csrf = token[1]
      return answer
    },
    post(path, fields = {}, headers = {}) {
      const form = new URLSearchParams({ _csrf: visitor.csrf })
      for (const [name, value] of Object.entries(fields)) {
        for (const one of Array.isArray(value) ? value : [value]) form.append(name, one)
      }
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return send('POST', path, { ...type, ...headers }, Buffer.from(form.toString()))
    },
    upload(path, fields, files) {
      const boundary = `--------${randomBytes(12).toString('hex')}`
      const parts: Buffer[] = []
      for (const [name, value] of Object.entries({ _csrf: visitor.csrf, ...fields })) {
        parts.push(
          Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
        )
      }
      for (const { field, name, content, type } of files) {
        parts.push(
          Buffer.from(
            `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n` +
              `Content-Type: ${type ?? 'application/octet-stream'}\r\n\r\n`,
          ),
          Buffer.from(content),
          Buffer.from('\r\n'),
        )
      }
      parts.push(Buffer.from(`--${boundary}--\r\n`))
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
      return send('POST', path, headers, Buffer.concat(parts))
    },
  }
  return visitor
}
