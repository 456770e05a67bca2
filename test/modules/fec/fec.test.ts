import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../../src/kernel/sql.ts'
import { readPdf } from '../../support/pdf.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { plain } from '../transferts/stored.ts'
import { NOM, texte, vente } from './fec.ts'

/** Columns as tests name them. */
type Row = Record<string, string>

let portal: Portal
let solene: Visitor
let cabinet: Visitor
let agent: Visitor
let client: string

beforeAll(async () => {
  portal = await startPortal()
  solene = await portal.login('estuaire', '657')
  cabinet = await portal.login('estuaire', 'CNS1')
  agent = await portal.login('estuaire', 'agent@estuaire.example')
  client = (await portal.person('estuaire', '657')).adherentId!
})

const faux = texte([...vente('1', { EcritureDate: '20250231' }), ...vente('4')])
const fichier = (content: string | Buffer, name = NOM) => [{ field: 'fichiers', name, content }]

/** Sends a FEC by the page of that address; gives the address of its report. */
async function deposer(who: Visitor, path: string, content: string | Buffer): Promise<string> {
  await who.get(path)
  const answer = await who.upload(path, { message: '' }, fichier(content))
  expect(answer.status, plain(answer.text).slice(0, 2000)).toBe(303)
  expect(answer.headers.location).toMatch(/^\/fec\/[0-9a-f-]{36}$/)
  return String(answer.headers.location)
}

describe('F12: a FEC has its report at once', () => {
  it('F12: an adhérent reads what is wrong, on which lines, and what to do', async () => {
    const url = await deposer(solene, '/transferts/fec', faux)
    const page = await solene.get(url)
    const text = plain(page.text)
    expect(page.status).toBe(200)
    expect(checkHtml(page.text)).toEqual([])
    expect(text).toContain('Ce fichier n’est pas conforme')
    expect(text).toMatch(/1\s+anomalie bloquante/)
    expect(text).toContain('Des dates n’existent pas')
    expect(text).toMatch(/ligne 2<\/span> <code>20250231/)
    expect(text).toContain('Des numéros d’écriture manquent')
    expect(text).toContain('Que faire ?')
    expect(text).toContain('ne présage pas de la régularité de la comptabilité')
  })

  it('the report is a PDF too, and the journal knows who took it', async () => {
    const url = await deposer(solene, '/transferts/fec', faux)
    const answer = await solene.get(`${url}/rapport`)
    expect(answer.headers['content-type']).toBe('application/pdf')
    const { text } = await readPdf(answer.body)
    expect(text).toContain('Ce fichier n’est pas conforme')
    expect(text).toContain('ligne 2 : 20250231')
    const { rows } = await portal.owner.query<Row>(
      `select action, adherent_id from journal where objet_id = $1`,
      [url.slice(5)],
    )
    expect(rows).toEqual([{ action: 'fec.rapport', adherent_id: client }])
  })

  it('a FEC among other files of a transfer is checked too, and the acknowledgement leads to the report', async () => {
    await solene.get('/transferts')
    const answer = await solene.upload(
      '/transferts',
      { genre: 'fec', message: '' },
      fichier(texte(vente('1'))),
    )
    const page = await solene.get(String(answer.headers.location))
    expect(page.text).toMatch(/href="\/fec\/[0-9a-f-]{36}"/)
    expect(checkHtml(page.text)).toEqual([])
  })

  it('a cabinet sends for its client, the staff for anybody, and each reads the report', async () => {
    for (const [who, path] of [
      [cabinet, `/clients/${client}/fec`],
      [agent, `/gestion/adherents/${client}/fec`],
    ] as const) {
      const url = await deposer(who, path, texte(vente('1')))
      const page = await who.get(url)
      expect(page.status).toBe(200)
      expect(checkHtml(page.text)).toEqual([])
      expect((await solene.get(url)).status).toBe(200)
    }
    const list = await cabinet.get(`/clients/${client}/transferts`)
    expect(list.status).toBe(200)
    expect(checkHtml(list.text)).toEqual([])
    expect(list.text).toContain('Fichier des écritures comptables')
    await cabinet.get(`/clients/${client}/transferts`)
    const sent = await cabinet.upload(
      `/clients/${client}/transferts`,
      { genre: 'balance', message: '' },
      fichier('a;b\n', 'balance.csv'),
    )
    expect((await cabinet.get(String(sent.headers.location))).status).toBe(200)
  })

  it('nobody else sees it: another cabinet, another organisme, another adhérent', async () => {
    const url = await deposer(solene, '/transferts/fec', faux)
    for (const [organisme, login] of [
      ['estuaire', 'CNS2'],
      ['estuaire', '940'],
      ['midi', '657'],
      ['midi', 'agent@midi.example'],
    ] as const) {
      const other = await portal.login(organisme, login)
      expect((await other.get(url)).status, login).toBe(404)
      expect((await other.get(`${url}/rapport`)).status, login).toBe(404)
    }
    const cns2 = await portal.login('estuaire', 'CNS2')
    expect((await cns2.get(`/clients/${client}/fec`)).status).toBe(404)
  })

  it('who sent a file cannot rewrite its report', async () => {
    const url = await deposer(solene, '/transferts/fec', faux)
    const changed = await portal.as('estuaire', '657', (db) =>
      db.run(sql`update fec_controles set conforme = true where id = ${url.slice(5)}`),
    )
    expect(changed).toBe(0)
  })

  it('a large file is checked by the worker, larger than other transfers may be', async () => {
    const part = Array.from({ length: 3000 }, (_, i) => vente(String(i + 1))).flat()
    const one = texte(part)
    const body = one.slice(one.indexOf('\r\n') + 2)
    const times = Math.ceil((52 * 1024 * 1024) / body.length)
    const big = Buffer.concat([Buffer.from(one), ...Array.from({ length: times }, () => Buffer.from(body))])
    const url = await deposer(solene, '/transferts/fec', big)
    const waiting = await solene.get(url)
    expect(waiting.text).toContain('Contrôle en cours')
    expect(checkHtml(waiting.text)).toEqual([])
    expect((await solene.get(`${url}/rapport`)).status).toBe(404)
    const worker = await portal.startWorker()
    for (let i = 0; i < 300; i++) {
      const { rows } = await portal.owner.query<Row>('select etat from fec_controles where id = $1', [
        url.slice(5),
      ])
      if (rows[0]!.etat === 'fait') break
      await wait(200)
    }
    await worker.stop()
    const text = plain((await solene.get(url)).text)
    expect(text).toContain('La structure de ce fichier est conforme')
    expect(text).toContain('Des lignes sont en double')
  }, 120_000)
})
