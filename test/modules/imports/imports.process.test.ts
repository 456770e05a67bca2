import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Portal, type Visitor, makeVisitor, startPortal } from '../../support/portal.ts'
import { type Child, freePort, startProgram, startServer } from '../../support/process.ts'
import { type Essai, Journey } from './journey.ts'

/** More than one batch of traces. */
const NOUVEAUX = 1_100
const ESTUAIRE = `organisme_id = (select id from plateforme.organismes where code = 'estuaire')`

/**
 * Web and worker as processes of their own, killed while they confirm an import. Each is first held where the kill hurts
 * most, behind a lock of ours, so that the test does not depend on the speed of the machine.
 */
describe('an import under which the processes are killed', () => {
  let portal: Portal
  let maud: Visitor
  let journey: Journey
  let essai: Essai
  const children: Child[] = []
  const blockers: pg.Client[] = []

  const file = [
    'N°;Nom;Adhésion;Mél',
    '657;;;solene@apres.example',
    ...Array.from({ length: NOUVEAUX }, (_, i) => `${70_000 + i};NOUVEAU ${i};01/02/2026;`),
  ].join('\n')

  beforeAll(async () => {
    portal = await startPortal()
    maud = await portal.login('estuaire', 'agent@estuaire.example')
    journey = new Journey(portal, maud)
    essai = await journey.essaieTout('adherents', file)
    expect(essai.comptes).toMatchObject({ nouveau: NOUVEAUX, modifie: 1 })
  }, 60_000)

  afterAll(async () => {
    for (const child of children) child.process.kill('SIGKILL')
    await Promise.all(children.map((child) => child.ended))
    await Promise.all(blockers.map((client) => client.end().catch(() => undefined)))
  })

  async function one<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T> {
    return (await portal.owner.query<T>(text, values)).rows[0]!
  }

  /** What is there of the import, read as the owner; it is all, or nothing. */
  const state = () =>
    one(
      `select i.etat, (select count(*)::int from adherents where ${ESTUAIRE} and denomination like 'NOUVEAU %') as nouveaux,
        (select courriel = 'solene@apres.example' from adherents where ${ESTUAIRE} and numero = '657') as modifie,
        (select count(*)::int from journal where action = 'import.applique') as appliques,
        (select count(*)::int from journal where action = 'import.fiche') as traces
       from imports i where i.id = $1`,
      [essai.id],
    )

  const RIEN = { nouveaux: 0, modifie: false, appliques: 0, traces: 0 }

  /** A transaction of ours, open until the function that it gives is called; what it did never happened. */
  async function hold(statement: string, values: unknown[] = []): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: portal.ownerUrl })
    blockers.push(client)
    await client.connect()
    await client.query('begin')
    await client.query(statement, values)
    return () => client.end()
  }

  /** Until somebody stands behind our lock in a statement of that kind. */
  async function blocked(statement: string): Promise<void> {
    for (let i = 0; i < 1_500; i++) {
      const { n } = await one<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and query ~* $1`,
        [statement],
      )
      if (n > 0) return
      await sleep(20)
    }
    throw new Error(`nobody waits in ${statement}\n${children.at(-1)!.output().slice(-3000)}`)
  }

  async function until(what: (now: Awaited<ReturnType<typeof state>>) => boolean): Promise<void> {
    for (const deadline = Date.now() + 60_000; !what(await state()); await sleep(20)) {
      if (Date.now() > deadline) throw new Error(`not in time\n${children.at(-1)!.output().slice(-3000)}`)
    }
  }

  async function kill(child: Child): Promise<void> {
    child.process.kill('SIGKILL')
    expect(await child.ended).toBe('SIGKILL')
  }

  function worker(): Child {
    const child = startProgram('worker-main.ts', {
      DATA_DIR: portal.services.config.dataDir,
      DATABASE_URL: portal.appUrl,
      DATABASE_OWNER_URL: portal.ownerUrl,
      BASE_URL: portal.url,
    })
    children.push(child)
    return child
  }

  test('the application killed during the confirmation: the import is as before, and is confirmed again', async () => {
    const port = await freePort()
    const web = await startServer(portal, portal.services.config.dataDir, port)
    children.push(web)
    const visitor = makeVisitor(port, 'localhost')
    for (const [name, value] of maud.cookies) visitor.cookies.set(name, value)
    visitor.csrf = maud.csrf
    const release = await hold('select 1 from imports where id = $1 for update', [essai.id])
    const answer = visitor.post(`${essai.path}/confirmation`, {}).catch(() => 'cut')
    await blocked('imports i .* for update')
    await kill(web)
    expect(await answer).toBe('cut')
    await release()
    expect(await state()).toEqual({ etat: 'pret', ...RIEN })
    const { n } = await one<{ n: number }>(
      `select count(*)::int as n from travaux where genre = 'imports.application'`,
    )
    expect(n).toBe(0)
  }, 60_000)

  test('the worker killed while it writes: nothing is there; then while it keeps the traces: all is there, and each trace once', async () => {
    // The last of the new numbers is being taken by us: the import stands in its insert, with everything else behind it.
    const release = await hold(
      `insert into adherents (organisme_id, numero, denomination, categorie, adhesion_le)
       select organisme_id, $1, 'À nous', 'BNC', '2026-02-01' from adherents where ${ESTUAIRE} limit 1`,
      [String(70_000 + NOUVEAUX - 1)],
    )
    expect((await maud.post(`${essai.path}/confirmation`, {})).status).toBe(303)
    const first = worker()
    await blocked('insert into adherents')
    expect(await state()).toEqual({ etat: 'application', ...RIEN })
    await kill(first)
    await release()
    expect(await state()).toEqual({ etat: 'application', ...RIEN })

    const second = worker()
    await until(({ etat }) => etat === 'applique')
    const openJournal = await hold('lock table journal in share row exclusive mode')
    const midway = await state()
    expect(midway).toMatchObject({ nouveaux: NOUVEAUX, modifie: true, appliques: 1 })
    expect(midway.traces).toBeLessThan(NOUVEAUX + 1)
    await blocked('journal')
    await kill(second)
    await openJournal()
    expect(await state()).toEqual(midway)

    worker()
    await until(({ traces }) => traces === NOUVEAUX + 1)
    const end = () => one<{ etat: string }>(`select etat from travaux where genre = 'imports.application'`)
    for (let i = 0; i < 500 && (await end()).etat !== 'termine'; i++) await sleep(20)
    expect(await end()).toEqual({ etat: 'termine' })
    expect(await state()).toEqual({
      etat: 'applique', nouveaux: NOUVEAUX, modifie: true, appliques: 1, traces: NOUVEAUX + 1,
    }) // prettier-ignore
    const twice = await portal.owner.query(
      `select objet_id from journal where action = 'import.fiche' group by objet_id having count(*) > 1`,
    )
    expect(twice.rows).toEqual([])
  }, 120_000)

  test('the same file again changes nothing, and is not confirmed', async () => {
    const again = await journey.essaieTout('adherents', file)
    expect(again.comptes).toMatchObject({ inchange: NOUVEAUX + 1 })
    expect(again.comptes).not.toHaveProperty('nouveau')
    expect(again.comptes).not.toHaveProperty('modifie')
    const refusal = await maud.post(`${again.path}/confirmation`, {})
    expect(refusal.status).toBe(422)
    expect(refusal.text).toContain('Ce fichier ne change rien')
  }, 60_000)
})
