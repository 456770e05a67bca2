import { createHash } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { sweepObjects } from '../../../src/kernel/files/sweep.ts'
import { sql } from '../../../src/kernel/sql.ts'
import { effacerDeNuit } from '../../../src/modules/fec/effacement.ts'
import { readPdf } from '../../support/pdf.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { writeFec } from '../../../bench/fec/generate.ts'
import { type ZipEntry, makeZip } from '../../kernel/files/zip-maker.ts'
import { plain, stored } from '../transferts/stored.ts'
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

/** Until the worker has checked it. */
async function checked(url: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const { rows } = await portal.owner.query<Row>('select etat from fec_controles where id = $1', [
      url.slice(5),
    ])
    if (rows[0]!.etat === 'fait') return
    await wait(200)
  }
  throw new Error('not checked within a minute')
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
    await checked(url)
    await worker.stop()
    const text = plain((await solene.get(url)).text)
    expect(text).toContain('La structure de ce fichier est conforme')
    expect(text).toContain('Des lignes sont en double')
  }, 120_000)
})

describe('F12: a FEC in a zip', () => {
  const zip = (entries: ZipEntry[], name = 'mon-fec.zip') => fichier(makeZip(entries), name)
  const notice = { name: 'notice.txt', content: 'Les numéros de compte sont ceux du plan.' }

  it('F12: has its report under its own name, and what was sent is kept as it was', async () => {
    for (const entries of [
      [{ name: NOM, content: faux }],
      [notice, { name: `Exports 2025/${NOM}`, content: faux }, { name: `__MACOSX/._${NOM}`, content: 'x' }],
    ]) {
      const sent = zip(entries)
      const answer = await solene.upload('/transferts/fec', { message: '' }, sent)
      expect(answer.status, plain(answer.text).slice(0, 2000)).toBe(303)
      const page = plain((await solene.get(String(answer.headers.location))).text)
      expect(page).toContain('Des dates n’existent pas')
      expect(page).toContain(NOM)
      const { rows } = await portal.owner.query<Row>(
        `select c.nom, f.nom as envoye, f.sha256, c.taille::text from fec_controles c
           join transferts_fichiers l on l.id = c.transfert_fichier_id join fichiers f on f.id = l.fichier_id where c.id = $1`,
        [String(answer.headers.location).slice(5)],
      )
      expect(rows).toEqual([
        {
          nom: NOM,
          envoye: 'mon-fec.zip',
          sha256: createHash('sha256').update(sent[0]!.content).digest('hex'),
          taille: String(Buffer.byteLength(faux)),
        },
      ])
    }
    expect(await readdir(join(portal.services.config.dataDir, 'temp'))).toEqual([])
  })

  it('is refused with what to do when it holds none or several, and when it is a bomb; nothing is kept', async () => {
    const before = await stored(portal)
    const bombe = Buffer.concat([Buffer.from(faux), Buffer.alloc(300 * 1024 * 1024, ' ')])
    for (const [entries, sentence] of [
      [[{ name: 'lisez-moi.pdf', content: '%PDF-1.4' }], 'doit contenir un seul FEC'],
      [
        [
          { name: NOM, content: faux },
          { name: NOM.replace('2025', '2024'), content: faux },
        ],
        'Laissez-le seul dans le zip',
      ],
      [[notice, { name: 'export.txt', content: faux }], 'doit contenir un seul FEC'],
      [
        [{ name: 'plus.zip', content: makeZip([{ name: NOM, content: faux }]) }],
        'contient une autre archive',
      ],
      [[{ name: NOM, content: bombe }], 'devient trop volumineux une fois décompressé'],
      [[{ name: NOM, content: faux, declaredSize: 10 }], 'est abîmé ou incomplet'],
    ] as const) {
      // prettier-ignore
      const answer = await solene.upload('/transferts/fec', { message: '' }, zip([...entries]))
      expect([answer.status, plain(answer.text)]).toEqual([422, expect.stringContaining(sentence)])
    }
    expect(await stored(portal)).toEqual(before)
  })

  it('with other papers in a transfer of several files is kept, without a report', async () => {
    const answer = await solene.upload(
      '/transferts',
      { genre: 'fec', message: '' },
      zip([notice, { name: 'export.txt', content: faux }]),
    )
    expect(answer.status).toBe(303)
    expect((await solene.get(String(answer.headers.location))).text).not.toContain('href="/fec/')
  })

  it('when it is large is unpacked by the worker, which leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parvis-fec-'))
    const { lines } = writeFec(join(folder, 'fec'), 6 * 1024 * 1024)
    const answer = await solene.upload(
      '/transferts/fec',
      { message: '' },
      zip([{ name: NOM, content: await readFile(join(folder, 'fec')) }]),
    )
    await rm(folder, { recursive: true })
    const url = String(answer.headers.location)
    expect((await solene.get(url)).text).toContain('Contrôle en cours')
    const worker = await portal.startWorker()
    await checked(url)
    await worker.stop()
    const text = plain((await solene.get(url)).text)
    expect(text).toContain('La structure de ce fichier est conforme')
    expect(text).toContain(lines.toLocaleString('fr-FR').replace(/\s/g, ' '))
    expect(await readdir(join(portal.services.config.dataDir, 'temp'))).toEqual([])
  }, 60_000)
})

describe('a FEC whose time is over', () => {
  const night = () => effacerDeNuit.run(portal.services)
  const aged = (url: string, days: number) =>
    portal.owner.query(
      `update fec_controles set fini_le = ((app.aujourdhui() - $2::int) + time '23:30') at time zone 'Europe/Paris' where id = $1`,
      [url.slice(5), days],
    )
  const row = async (url: string) =>
    (
      await portal.owner.query<Row>(
        `select f.cle, f.efface_le, l.transfert_id, f.id from fec_controles c join transferts_fichiers l on l.id = c.transfert_fichier_id
           join fichiers f on f.id = l.fichier_id where c.id = $1`,
        [url.slice(5)],
      )
    ).rows[0]!

  it('is erased thirty days after its check, as the sender was told; the report, the proof and the journal stay', async () => {
    const url = await deposer(solene, '/transferts/fec', faux)
    const { cle, transfert_id: transfert, id: fichierId } = await row(url)
    const le = new Date(Date.now() + 30 * 86_400_000).toLocaleDateString('fr-FR', {
      timeZone: 'Europe/Paris',
    })
    const told = `Le fichier sera effacé le ${le}.`
    for (const [who, path] of [
      [solene, url],
      [solene, `/transferts/${transfert}`],
      [agent, `/gestion/transferts/${transfert}`],
    ] as const) {
      const page = await who.get(path)
      expect(plain(page.text)).toContain(told)
      expect(checkHtml(page.text)).toEqual([])
    }
    await aged(url, 29)
    await night()
    expect((await row(url)).efface_le).toBeNull()
    expect((await solene.get(`/transferts/${transfert}/fichiers/${fichierId}`)).status).toBe(200)

    await aged(url, 30)
    await night()
    await expect(portal.services.storage.size(cle!)).rejects.toThrow('no object')
    const gone = await solene.get(`/transferts/${transfert}/fichiers/${fichierId}`)
    expect([gone.status, plain(gone.text)]).toEqual([422, expect.stringContaining('a été effacé le')])
    const page = await solene.get(`/transferts/${transfert}`)
    expect(page.text).toContain('Effacé le')
    expect(page.text).not.toContain(`/fichiers/${fichierId}`)
    expect(plain((await solene.get(url)).text)).toContain('Des dates n’existent pas')
    const sha256 = createHash('sha256').update(faux).digest('hex')
    expect((await readPdf((await solene.get(`${url}/rapport`)).body)).text.replace(/ /g, '')).toContain(
      sha256,
    )
    const { rows } = await portal.owner.query(
      `select role, adherent_id, detail from journal where action = 'fec.efface' and objet_id = $1`,
      [url.slice(5)],
    )
    expect(rows).toEqual([
      {
        role: 'systeme',
        adherent_id: client,
        detail: expect.objectContaining({ nom: NOM, empreinte: sha256 }) as unknown,
      },
    ])
    await night()
    const again = await portal.owner.query(
      `select from journal where action = 'fec.efface' and objet_id = $1`,
      [url.slice(5)],
    )
    expect(again.rowCount).toBe(1)
  })

  it('leaves its bytes to the sweep when the night is cut short, and raises no alarm; other files are not touched', async () => {
    const url = await deposer(solene, '/transferts/fec', faux)
    const kept = await deposer(solene, '/transferts/fec', faux)
    const { cle } = await row(url)
    await portal.owner.query('update fichiers set efface_le = now() where cle = $1', [cle])
    const path = join(portal.services.config.dataDir, 'fichiers', cle!)
    const old = new Date(Date.now() - 2 * 86_400_000)
    await utimes(path, old, old)
    portal.logLines.length = 0
    await sweepObjects(portal.services)
    await expect(portal.services.storage.size(cle!)).rejects.toThrow('no object')
    expect(portal.logLines.join('')).not.toContain(`ALARM`)
    expect(await portal.services.storage.size((await row(kept)).cle!)).toBe(Buffer.byteLength(faux))
  })
})
