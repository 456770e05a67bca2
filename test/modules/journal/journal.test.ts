import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { readPdf } from '../../support/pdf.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { plain } from '../transferts/stored.ts'

/** Columns as tests name them. */
type Row = Record<string, string>

let portal: Portal
let admin: Visitor
let solene: Visitor
let document: { id: string; titre: string; sha256: string }

beforeAll(async () => {
  portal = await startPortal()
  admin = await portal.login('estuaire', 'admin@estuaire.example')
  solene = await portal.login('estuaire', '657')
  const { rows } = await portal.owner.query<Row>(`select d.id, d.titre, f.sha256 from documents d
    join fichiers f on f.id = d.fichier_id join adherents a on a.id = d.adherent_id and a.numero = '657'
    join plateforme.organismes o on o.id = d.organisme_id and o.code = 'estuaire'
    where d.publie_le is not null and d.retire_le is null and d.remplace_le is null limit 1`)
  document = rows[0] as unknown as typeof document
  await solene.get(`/documents/${document.id}`)
})

/** Rows of the page, as text. */
async function lines(query: string, who = admin): Promise<string[]> {
  const page = await who.get(`/gestion/journal${query}`)
  expect(page.status).toBe(200)
  return [...page.text.matchAll(/<tr>\s*<td class="text-nowrap"[\s\S]*?<\/tr>/g)].map(([row]) =>
    plain(row).replace(/\s+/g, ' '),
  )
}

describe('the journal, readable', () => {
  it('says in French who did what, to whom, newest first', async () => {
    const page = await admin.get('/gestion/journal')
    expect(checkHtml(page.text)).toEqual([])
    const [first] = await lines('')
    expect(first).toMatch(/Document ouvert.*Carriveau.*adhérent.*n° 657/i)
  })

  it.each([
    ['?personne=carriveau', 'Carriveau'],
    ['?numero=657', 'n° 657'],
    ['?acte=document.ouvert', 'Document ouvert'],
    ['?q=carriveau', 'Carriveau'],
  ])('shows only what a filter takes: %s', async (query, word) => {
    const shown = await lines(query)
    expect(shown.length).toBeGreaterThan(0)
    for (const line of shown) expect(line).toContain(word)
  })

  it('cuts at the days in France, both included', async () => {
    const { rows } = await portal.owner
      .query<Row>(`select to_char(le at time zone 'Europe/Paris', 'YYYY-MM-DD') as jour,
      to_char((le at time zone 'Europe/Paris')::date + 1, 'YYYY-MM-DD') as demain from journal order by numero desc limit 1`)
    const { jour, demain } = rows[0]!
    expect((await lines(`?du=${jour}&au=${jour}`)).length).toBeGreaterThan(0)
    expect(await lines(`?du=${demain}`)).toEqual([])
    expect(await lines('?au=2001-01-01')).toEqual([])
    // What is no day is no filter, and no error.
    expect((await lines('?du=hier')).length).toBeGreaterThan(0)
  })

  it('pages by number, forth and back', async () => {
    for (let i = 0; i < 60; i++) await solene.get(`/documents/${document.id}`)
    const first = await lines('?acte=document.ouvert')
    expect(first).toHaveLength(50)
    const page = await admin.get('/gestion/journal?acte=document.ouvert')
    const next = /href="([^"]*apres=[^"]+)"/.exec(page.text)![1]!.replaceAll('&amp;', '&')
    const second = await lines(next.slice('/gestion/journal'.length))
    expect(second.length).toBeGreaterThan(10)
    expect(second).not.toContain(first[0])
    const back = /href="([^"]*avant=[^"]+)"/.exec((await admin.get(next)).text)![1]!.replaceAll('&amp;', '&')
    expect(await lines(back.slice('/gestion/journal'.length))).toEqual(first)
  })

  it('leaves as CSV and XLSX with its filters, and says so in itself', async () => {
    const csv = await admin.get('/gestion/journal.csv?acte=document.ouvert')
    expect(csv.status).toBe(200)
    expect(csv.text.split('\r\n').filter((line) => line.includes('Document ouvert'))).toHaveLength(61)
    expect(csv.text).toMatch(/[0-9a-f]{64}/)
    const xlsx = await admin.get('/gestion/journal.xlsx')
    expect(xlsx.body.subarray(0, 2).toString()).toBe('PK')
    expect((await lines('?acte=journal.exporte'))[0]).toContain('Journal exporté')
  })

  it('is closed to members, to a permanent without that domaine, and shows another organisme nothing', async () => {
    expect((await solene.get('/gestion/journal')).status).toBe(403)
    const cabinet = await portal.login('estuaire', 'CNS1')
    expect((await cabinet.get(`/gestion/journal/preuve/document/${document.id}`)).status).toBe(403)
    const midi = await portal
      .login('midi', 'admin@midi.example')
      .catch(() => portal.login('midi', 'agent@midi.example'))
    expect((await lines('?q=estuaire', midi)).join()).not.toContain('CARRIVEAU')
    expect((await midi.get(`/gestion/journal/preuve/document/${document.id}`)).status).toBe(404)
  })
})

describe('the proof of one thing', () => {
  it('tells when a document was there, who read it first, who took it, with the hashes', async () => {
    await solene.get(`/documents/${document.id}/telechargement`)
    const answer = await admin.get(`/gestion/journal/preuve/document/${document.id}`)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/pdf')
    const { text, marked, language } = await readPdf(answer.body)
    expect(text).toContain(document.titre)
    expect(text.replaceAll(' ', '')).toContain(document.sha256)
    expect(text).toMatch(/Mis à disposition le \d/)
    expect(text).toMatch(/Première lecture le .* par Solène CARRIVEAU/i)
    expect(marked).toBe(true)
    expect(language).toBe('fr-FR')
    const { rows } = await portal.owner.query<Row>(
      `select encode(empreinte, 'hex') as e from journal where objet_id = $1 and action = 'document.ouvert' limit 1`,
      [document.id],
    )
    expect(text.replaceAll(' ', '')).toContain(rows[0]!.e)
  })

  it('tells of a courrier who read and answered it', async () => {
    const { rows } = await portal.owner.query<Row>(`select c.id, c.objet, r.auteur_nom from courriers c
      join reponses r on r.courrier_id = c.id and r.transmise_le is not null
      join plateforme.organismes o on o.id = c.organisme_id and o.code = 'estuaire' limit 1`)
    const answer = await admin.get(`/gestion/journal/preuve/courrier/${rows[0]!.id}`)
    expect(answer.status).toBe(200)
    const { text } = await readPdf(answer.body)
    expect(text).toContain(rows[0]!.objet)
    expect(text).toMatch(/Répondu le \d/)
    expect(text).toContain(rows[0]!.auteur_nom)
  })
})

describe('the chain, verified from the page', () => {
  async function verify(): Promise<string> {
    await admin.get('/gestion/journal')
    expect((await admin.post('/gestion/journal/verification')).status).toBe(303)
    const worker = await portal.startWorker()
    for (let i = 0; i < 100; i++) {
      const { rows } = await portal.owner.query<Row>(
        `select etat from travaux where genre = 'journal.verification' order by cree_le desc limit 1`,
      )
      if (rows[0]!.etat === 'termine' || rows[0]!.etat === 'echoue') break
      await wait(100)
    }
    await worker.stop()
    const page = await admin.get('/gestion/journal')
    expect(checkHtml(page.text)).toEqual([])
    return plain(page.text).replace(/\s+/g, ' ')
  }

  it('says that it is whole, then which row breaks it first', async () => {
    expect(await verify()).toContain('Le journal est intact')
    const { rows } = await portal.owner.query<Row>(`select j.id, j.numero from journal j
      join plateforme.organismes o on o.id = j.organisme_id and o.code = 'estuaire' order by j.numero limit 1 offset 20`)
    await portal.owner.query<Row>(`update journal set acteur = 'Quelqu’un d’autre' where id = $1`, [
      rows[0]!.id,
    ])
    const text = await verify()
    expect(text).toContain(`La suite est rompue à la ligne ${rows[0]!.numero}`)
    expect(text).toContain('son contenu a été modifié')
  })
})
