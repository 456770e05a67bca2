import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { loadConfig } from '../src/kernel/config.ts'
import { cookieName } from '../src/kernel/session.ts'
import { capture } from './floor/capture.ts'
import type { Target } from './load.ts'
import type { BenchPage } from './pages.ts'
import { type Server, startServer } from './process.ts'
import { SESSION_SECRET, logIn, signed } from './session.ts'
import type { BenchCluster, BenchDatabase } from './world.ts'

export const KINDS = ['floor', 'parvis', 'naive'] as const
export type Kind = (typeof KINDS)[number]

export interface Measured {
  kind: Kind
  server: Server
  target: Target
}

/** As in production: nothing may cost less here than there. The worker is another process there. */
function environment(cluster: BenchCluster, database: BenchDatabase): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    DATABASE_URL: database.appUrl,
    DATA_DIR: join(cluster.folder, 'data'),
    STORAGE_URL: cluster.storageUrl,
    SESSION_SECRETS: SESSION_SECRET,
    ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'portail@parvis.example',
    BASE_URL: 'https://localhost',
    WORKER: 'outside',
  }
}

const here = import.meta.dirname

/** The young generation that the Dockerfile sets, in MB. */
const YOUNG = '--max-semi-space-size=16'

/** The servers of one page over one database, each in its process, with what asks it for the page. */
export async function startServers(
  cluster: BenchCluster,
  database: BenchDatabase,
  page: BenchPage,
  started: Server[],
): Promise<Measured[]> {
  const env = environment(cluster, database)
  const config = loadConfig(env)
  const host = page.organisme === 'estuaire' ? 'localhost' : `${page.organisme}.localhost`
  const session = await logIn(database.owner, page)
  const cookie = `${cookieName(config)}=${session.cookie}`
  const plan = await capture(config, database.appUrl, { host, path: page.path }, session)
  const planFile = join(cluster.folder, `${page.name}-${database.adherents}.json`)
  await writeFile(planFile, JSON.stringify(plan))
  const start = async (
    kind: Kind,
    script: string,
    flags: string[],
    own: NodeJS.ProcessEnv,
    crumb: string,
  ) => {
    const server = await startServer(script, flags, own)
    started.push(server)
    return { kind, server, target: { port: server.port, host, path: page.path, cookie: crumb } }
  }
  return [
    await start('floor', join(here, 'floor/server.ts'), [], { ...env, FLOOR_PLAN: planFile }, cookie),
    await start('parvis', join(here, '../dist/src/server.js'), [YOUNG], env, cookie),
    await start(
      'naive',
      join(here, 'naive/server.ts'),
      [],
      env,
      await naiveCookie(database.owner, session.sid),
    ),
  ]
}

/** The same session in the store of the naive stack. */
async function naiveCookie(owner: pg.Client, sid: string): Promise<string> {
  await owner.query(
    `insert into session_naive (sid, sess, expire)
     select $1, json_build_object('cookie', json_build_object('path', '/', 'httpOnly', true, 'originalMaxAge', null),
       'passport', s.donnees -> 'passport', 'csrfToken', s.donnees ->> 'csrfToken'), now() + interval '1 day'
     from acces.sessions s where s.donnees ? 'passport' order by s.ouverte_le desc limit 1`,
    [sid],
  )
  return `connect.sid=${encodeURIComponent(signed(sid))}`
}
