import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/kernel/embedded-postgres.ts'
import { createDatabaseOnce, migrate } from '../src/kernel/migrate.ts'
import { fingerprint } from '../src/kernel/session.ts'
import { deposit, pdfOf, zipOf } from './support/campagne.ts'
import { makeVisitor, signed } from './support/portal.ts'
import { type Child, freePort, startProgram } from './support/process.ts'
import { type Proxy, startProxy } from './support/proxy.ts'
import { type SmtpSink, startSmtp } from './support/smtp.ts'
import { appUrl } from './support/urls.ts'
import { loadCast } from './support/world.ts'

/** `CAMPAIGN=5000 npx vitest run test/publication.process.test.ts` for a large one, in some two minutes. */
const DOCUMENTS = Number(process.env.CAMPAIGN ?? 120)

/** Web and worker as processes of their own, over a Postgres that comes and goes: all three are killed under a campaign. */
describe('a campaign under which everything is killed', () => {
  let folder: string
  let cluster: EmbeddedPostgres
  let proxy: Proxy
  let port: number
  let web: Child
  let worker: Child
  let sink: SmtpSink
  let visitor: ReturnType<typeof makeVisitor>

  const env = () => ({
    NODE_ENV: 'test',
    DATA_DIR: folder,
    PORT: String(port),
    BASE_URL: `http://localhost:${port}`,
    DATABASE_URL: appUrl(ownerUrl()),
    DATABASE_OWNER_URL: ownerUrl(),
    SMTP_URL: sink.url,
    WORKER: 'outside',
  })
  const ownerUrl = () => {
    const url = new URL(cluster.ownerUrl('parvis'))
    url.port = String(proxy.port)
    return url.href
  }
  const startCluster = async () => {
    cluster = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable: true })
    proxy.target = cluster.port
  }
  const startWeb = async () => {
    web = startProgram('server.ts', env())
    await web.said('listening')
  }
  const startWorker = () => {
    worker = startProgram('worker-main.ts', env())
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parvis-campagne-'))
    await chmod(folder, 0o755)
    port = await freePort()
    proxy = await startProxy()
    sink = await startSmtp()
    await startCluster()
    await createDatabaseOnce(cluster.ownerUrl(), 'parvis')
    await migrate(ownerUrl(), appUrl(ownerUrl()), migrations)
    await loadCast(ownerUrl(), join(folder, 'fichiers'))
    await startWeb()
    startWorker()
    visitor = makeVisitor(port, 'localhost')
    await logIn()
  }, 240_000)

  afterAll(async () => {
    for (const child of [web, worker]) child.process.kill('SIGKILL')
    await Promise.all([web.ended, worker.ended])
    proxy.stop()
    await sink.stop()
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** Asks again while the database is away. */
  async function asOwner<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    for (let i = 0; ; i++) {
      const client = new pg.Client({ connectionString: ownerUrl() })
      client.on('error', () => undefined)
      try {
        await client.connect()
        return (await client.query<T>(text, values)).rows
      } catch (error) {
        if (i > 100) throw error
        await sleep(100)
      } finally {
        await client.end().catch(() => undefined)
      }
    }
  }

  async function logIn(): Promise<void> {
    const sid = randomBytes(24).toString('base64url')
    await asOwner(
      `insert into acces.sessions (empreinte, organisme_id, utilisateur_id, donnees, expire_le, fin_le)
       select $1, u.organisme_id, u.id, jsonb_build_object('cookie', '{"path": "/"}'::jsonb, 'passport',
         jsonb_build_object('user', u.id), 'csrfToken', $2::text), now() + interval '1 hour', now() + interval '12 hours'
       from utilisateurs u where u.login = 'agent@estuaire.example'`,
      [fingerprint(sid), visitor.csrf],
    )
    visitor.cookies.set('sid', encodeURIComponent(signed(sid)))
  }

  const one = async (text: string, values: unknown[] = []) =>
    (await asOwner<{ n: number }>(text, values))[0]!.n

  async function until(what: () => Promise<boolean>, seconds: number): Promise<void> {
    for (const deadline = Date.now() + seconds * 1000; !(await what()); await sleep(20)) {
      if (Date.now() > deadline) throw new Error(`not within ${seconds} s\n${worker.output().slice(-3000)}`)
    }
  }

  test('web, worker and Postgres killed in its middle: every document once, every mail, nothing torn', async () => {
    const people = await asOwner<{ numero: string }>(
      `select a.numero from adherents a join plateforme.organismes o on o.id = a.organisme_id
       where o.code = 'estuaire' and a.perte_qualite_le is null order by a.numero in ('657', '940') desc, a.numero_tri limit 10`,
    )
    const files: Record<string, Buffer> = {}
    for (let i = 0; i < DOCUMENTS; i++) {
      const { numero } = people[i % people.length]!
      files[`${numero}_piece ${i}.pdf`] = pdfOf(`piece ${i}`)
    }
    await visitor.post('/gestion/publications/reglages', { parMinute: '0', delaiMinutes: '0' })
    const id = await deposit(visitor, { motif: '{numero}_{titre}', genre: 'autre' }, [
      { field: 'fichiers', name: 'lot.zip', content: await zipOf(files) },
    ])
    const looked = () =>
      one(
        `select count(*)::int as n from publication_lignes where publication_id = $1 and sha256 is not null`,
        [id],
      )
    await until(async () => (await looked()) > 0, 60)
    worker.process.kill('SIGKILL')
    await worker.ended
    startWorker()
    await until(
      async () =>
        (await one('select count(verifiee_le)::int as n from publications where id = $1', [id])) === 1,
      60,
    )
    expect(
      await one(
        `select count(*)::int as n from publication_lignes where publication_id = $1 and verdict = 'pret'`,
        [id],
      ),
    ).toBe(DOCUMENTS)

    const confirmed = await visitor.post(`/gestion/publications/${id}/confirmation`, {
      prevenir: 'on',
      quand: 'maintenant',
      jour: '',
      heure: '',
    })
    expect(confirmed.status).toBe(303)
    const there = () =>
      one(`select count(document_id)::int as n from publication_lignes where publication_id = $1`, [id])

    await until(async () => (await there()) > 0, 60)
    worker.process.kill('SIGKILL')
    web.process.kill('SIGKILL')
    await Promise.all([worker.ended, web.ended])
    const first = await there()
    expect(first).toBeLessThan(DOCUMENTS)
    startWorker()
    await startWeb()

    await until(async () => (await there()) > first, 60)
    const [pid] = (await readFile(join(cluster.dataDir, 'postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGQUIT')
    proxy.target = undefined
    await cluster.stop()
    await sleep(300)
    await startCluster()

    await until(
      async () =>
        (await one('select count(publiee_le)::int as n from publications where id = $1', [id])) === 1,
      90,
    )
    worker.process.kill('SIGKILL')
    await worker.ended
    startWorker()
    await until(
      async () =>
        (await one('select count(terminee_le)::int as n from publications where id = $1', [id])) === 1,
      90,
    )

    const documents = await asOwner<{ n: number; distincts: number; publies: number }>(
      `select count(*)::int as n, count(distinct (d.adherent_id, d.empreinte))::int as distincts, count(d.publie_le)::int as publies
       from documents d where d.empreinte in (select sha256 from publication_lignes where publication_id = $1)`,
      [id],
    )
    expect(documents).toEqual([{ n: DOCUMENTS, distincts: DOCUMENTS, publies: DOCUMENTS }])
    expect(
      await one(
        `select count(*)::int as n from journal where action = 'document.publie' and detail ->> 'campagne' = $1`,
        [id],
      ),
    ).toBe(DOCUMENTS)
    const waiting = () =>
      one(
        `select count(*)::int as n from courriels where cle like 'publication:' || $1 || ':%' and envoye_le is null`,
        [id],
      )
    await until(async () => (await waiting()) === 0, 60)
    const mails = await asOwner<{ id: string; destinataire: string }>(
      `select id, destinataire from courriels where cle like 'publication:' || $1 || ':%'`,
      [id],
    )
    expect(mails.length).toBeGreaterThan(0)
    for (const mail of mails)
      expect(sink.delivered.some(({ raw }) => raw.includes(`<${mail.id}@`))).toBe(true)
    const member = await visitor.get(`/gestion/publications/${id}`)
    expect(member.text).toContain('Publiée')
  }, 300_000)
})
