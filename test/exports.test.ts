import { beforeAll, describe, expect, it } from 'vitest'
import { modules } from '../src/modules.ts'
import { type Portal, type Visitor, startPortal } from './support/portal.ts'

/** Lists of the staff that no file is made of, and why. */
const EXCEPTIONS: Record<string, string> = {
  '/gestion/courriers/modeles': 'texts to write with: each is read and copied on its own page',
  '/gestion/comptes/retraits': 'two or three that wait a day at most, and then are in the journal',
  '/gestion/travaux': 'what runs now; what each work did is exported from its own page',
  '/gestion/suivi': 'sums; the dossiers that they count are exported from their list',
  '/gestion/suivi/filtres': 'addresses of one person',
  '/gestion/suivi/echeances': 'sums of a calendar: goes out as .ics, and its dossiers from their list',
  '/gestion/relances': 'proposed for today; what was sent is exported, and so is the list of courriers',
  '/gestion/statistiques': 'exported in the form that is imported, under another address of the same page',
  '/gestion/reglages/destinataires': 'settings',
  '/gestion/reglages/courriels': 'settings',
  '/gestion/reglages/parametres-legaux': 'settings',
}

const routes = modules.flatMap((module) => module.routes)
/** Addresses of the staff that name nothing: the lists are among them. */
const pages = routes
  .filter(({ method, path }) => method === 'GET' && path.startsWith('/gestion/') && !/[:.]/.test(path))
  .map(({ path }) => path)

let portal: Portal
let admin: Visitor

beforeAll(async () => {
  portal = await startPortal()
  admin = await portal.login('estuaire', 'admin@estuaire.example')
})

/** A table, or the words that stand in its place; the table of a selection or of a form is none. */
const isList = (html: string) => /<table class="tableau|<div class="vide"|<ul class="fil"/.test(html)
const offers = (html: string, path: string, format: string) =>
  new RegExp(`href="${path}\\.${format}(\\?[^"]*)?"`).test(html)

describe('every list of the staff leaves as CSV and XLSX', () => {
  it('the walk finds the lists', () => {
    expect(pages.length).toBeGreaterThan(40)
    for (const path of Object.keys(EXCEPTIONS)) expect(pages).toContain(path)
  })

  it.each(pages)('%s', async (path) => {
    const page = await admin.get(path)
    // An address that only sends on shows nothing of its own.
    if (page.status === 303 || page.status === 302) return
    expect(page.status).toBe(200)
    const list = isList(page.text)
    if (path in EXCEPTIONS) return expect(list, 'an exception that is no list any more').toBe(true)
    const exported = routes.some((route) => route.path === `${path}.:format`)
    expect(exported, list ? 'a list without an export' : 'an export of what is no list').toBe(list)
    if (!list) return
    for (const format of ['csv', 'xlsx']) expect(offers(page.text, path, format), format).toBe(true)
    const csv = await admin.get(`${path}.csv`)
    expect([csv.status, csv.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
    expect(csv.text).toMatch(/^\uFEFF"/)
    const xlsx = await admin.get(`${path}.xlsx`)
    expect(xlsx.status).toBe(200)
    expect(xlsx.body.subarray(0, 2).toString()).toBe('PK')
  })
})

/** Files that leave without the password being asked for again, and why: all others hold many dossiers. */
const WITHOUT_STEP_UP: Record<string, string> = {
  '/gestion/actualites.:format': 'names nobody',
  '/gestion/courriers/envois.:format': 'how many, and no names',
  '/gestion/emissions.:format': 'how many, and no names',
  '/gestion/espaces.:format': 'names nobody',
  '/gestion/formations.:format': 'how many, and no names',
  '/gestion/formations/:id/inscrits.:format': 'the few of one session, to call the roll',
  '/gestion/imports.:format': 'how many, and no names',
  '/gestion/imports/:id/a-corriger.:format': 'the lines of the file that somebody of the staff has just sent',
  '/gestion/imports/modele/:genre.:format': 'an empty table',
  '/gestion/publications.:format': 'how many, and no names',
  '/gestion/publications/:id/a-corriger.:format':
    'the lines of the index that somebody of the staff has just sent',
  '/gestion/publications/modele.:format': 'an empty table',
  '/gestion/statistiques/export.:format': 'figures under the statistical secret',
  '/statistiques/tableau.:format': 'figures under the statistical secret',
}

describe('many dossiers leave only after the password', () => {
  const files = routes.filter(({ method, path }) => method === 'GET' && path.endsWith('.:format'))

  it('every export asks for it, but those that say why not', () => {
    expect(files.length).toBeGreaterThan(25)
    const open = files.filter((route) => route.stepUp !== true).map(({ path }) => path)
    expect(open.sort()).toEqual(Object.keys(WITHOUT_STEP_UP).sort())
  })
})
