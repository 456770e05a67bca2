import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Portal, startPortal } from '../../support/portal.ts'
import { type Child, freePort, startProgram } from '../../support/process.ts'

const DOSSIERS = 240
let portal: Portal
let dataDir: string
const children: Child[] = []

beforeAll(async () => {
  portal = await startPortal()
  dataDir = await mkdtemp(join(tmpdir(), 'parvis-envoi-'))
  await portal.owner.query(
    `insert into adherents (organisme_id, numero, denomination, adhesion_le, structure_id)
     select s.organisme_id, '7' || lpad(n::text, 4, '0'), 'DOSSIER ' || n, '2020-01-01', s.id
     from structures s join plateforme.organismes o on o.id = s.organisme_id, generate_series(1, $1::int) n
     where o.code = 'estuaire' and s.numero = 'CNS2'`,
    [DOSSIERS],
  )
})
afterAll(async () => {
  for (const child of children) child.process.kill('SIGKILL')
  await Promise.all(children.map((child) => child.ended))
  await rm(dataDir, { recursive: true, force: true })
})

/** The portal with its worker as a process of its own, over the database of the test. */
async function start(): Promise<Child> {
  const port = await freePort()
  const child = startProgram('server.ts', {
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: portal.appUrl,
    DATABASE_OWNER_URL: portal.ownerUrl,
    BASE_URL: `http://localhost:${port}`,
    LOG_LEVEL: 'info',
  })
  children.push(child)
  return child
}

async function until(enough: (written: number) => boolean, envoi: string, child: Child): Promise<number> {
  for (let i = 0; i < 600; i++) {
    const { rows } = await portal.owner.query<{ n: number }>(
      'select count(courrier_id)::int as n from envoi_courrier_lignes where envoi_id = $1',
      [envoi],
    )
    if (enough(rows[0]!.n)) return rows[0]!.n
    await sleep(50)
  }
  throw new Error(`it does not get there:\n${child.output().slice(-3000)}`)
}

it('the worker killed in the middle of a sending: every dossier gets its courrier, once', async () => {
  const agent = await portal.login('estuaire', 'agent@estuaire.example')
  const { rows } = await portal.owner.query<{ id: string }>(
    `select m.id from modeles_courriers m join plateforme.organismes o on o.id = m.organisme_id
     where o.code = 'estuaire' and m.nom = 'Bienvenue'`,
  )
  const numeros = Array.from({ length: DOSSIERS }, (_, i) => `7${String(i + 1).padStart(4, '0')}`).join(',')
  const form = { modele: rows[0]!.id, destinataire: 'cabinet', aRepondreAvant: '', valeurs: '', numeros }
  const prepared = await agent.post('/gestion/courriers/envois/nouveau', form)
  const path = String(prepared.headers.location)
  const envoi = path.split('/').pop()!
  expect((await agent.post(`${path}/confirmation`)).status).toBe(303)

  const first = await start()
  const written = await until((n) => n > 20, envoi, first)
  first.process.kill('SIGKILL')
  await first.ended
  expect(written).toBeLessThan(DOSSIERS)
  const second = await start()
  await until((n) => n === DOSSIERS, envoi, second)
  // The last batch has yet to say that it was the last.
  for (let i = 0; i < 100; i++) {
    const { rows: state } = await portal.owner.query<{ etat: string }>(
      'select t.etat from travaux t join envois_courriers e on e.travail_id = t.id where e.id = $1',
      [envoi],
    )
    if (state[0]!.etat === 'termine') break
    await sleep(50)
  }
  const { rows: counts } = await portal.owner.query(
    `select count(*)::int as courriers, count(distinct c.adherent_id)::int as dossiers, count(distinct c.numero)::int as numeros,
       (max(substr(c.numero, 8)::int) - min(substr(c.numero, 8)::int) + 1) as suite,
       (select count(*)::int from courriels m join envoi_courrier_lignes y
          on m.cle like 'courrier:' || y.courrier_id || ':%' where y.envoi_id = $1::uuid) as courriels,
       (select count(*)::int from journal j where j.action = 'courrier.publie' and j.detail ->> 'envoi' = $1::text) as journal,
       (select etat from travaux t join envois_courriers e on e.travail_id = t.id where e.id = $1::uuid) as etat
     from courriers c join envoi_courrier_lignes l on l.courrier_id = c.id where l.envoi_id = $1::uuid`,
    [envoi],
  )
  expect(counts[0]).toEqual({
    courriers: DOSSIERS, dossiers: DOSSIERS, numeros: DOSSIERS, suite: DOSSIERS, courriels: DOSSIERS, journal: DOSSIERS,
    etat: 'termine',
  }) // prettier-ignore
  const outside = await portal.owner.query(`select 1 from courriers where objet like 'Bienvenue à OMGA%'`)
  expect(outside.rowCount).toBe(DOSSIERS)
}, 120_000)
