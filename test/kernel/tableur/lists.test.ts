import { beforeAll, describe, expect, it } from 'vitest'
import { readSheet } from 'read-excel-file/node'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})

/** Every list that leaves as a file: who reads it, its address, and the page whose filters it takes. */
const LISTS: [login: string, path: string, query: string][] = [
  ['agent@estuaire.example', '/gestion/adherents', 'nom=carriveau'],
  ['agent@estuaire.example', '/gestion/courriers', 'numero=657'],
  ['agent@estuaire.example', '/gestion/transferts', 'etat=tous'],
  ['agent@estuaire.example', '/gestion/demandes', 'etat=toutes'],
  ['CNS1', '/clients', 'nom=carriveau'],
  ['CNS1', '/courriers', 'filtre=a-repondre'],
  ['CNS1', '/courriers/archives', ''],
  ['CNS1', '/declarations', ''],
  ['CNS1', '/affectations', 'etat=affectes'],
  ['CNS1', '/collaborateurs', ''],
  ['CNS1', '/messages', ''],
  ['CNS1', '/supervision/validations', ''],
  ['657', '/courriers', ''],
]

function rowsOf(csv: string): string[][] {
  return csv
    .replace(/^\ufeff/, '')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(1, -1).split('";"'))
}

describe('every list leaves as CSV and as a workbook', () => {
  it.each(LISTS)(
    'of %s: %s, the same rows in both, linked from its page, kept in the journal',
    async (login, path, query) => {
      const who = await portal.login('estuaire', login)
      const page = await who.get(`${path}?${query}`)
      expect(page.status).toBe(200)
      for (const format of ['csv', 'xlsx']) {
        const link = new RegExp(`href="(${path}\\.${format}(?:\\?[^"]*)?)"`)
          .exec(page.text)?.[1]
          ?.replace(/&amp;/g, '&')
        expect([format, link]).toEqual([format, expect.any(String)])
        for (const [name, value] of new URLSearchParams(query)) expect(link).toContain(`${name}=${value}`)
      }
      const csv = await who.get(`${path}.csv?${query}`)
      const xlsx = await who.get(`${path}.xlsx?${query}`)
      expect([csv.status, xlsx.status]).toEqual([200, 200])
      expect(xlsx.headers['content-disposition']).toMatch(/\.xlsx"?$/)
      const sheet = await readSheet(xlsx.body)
      const table = rowsOf(csv.text)
      expect(sheet[0]).toEqual(table[0])
      expect(sheet).toHaveLength(table.length)
      const { rows } = await portal.owner.query<{ detail: { format: string; lignes: number } }>(
        `select detail from journal where action ~ '\\.export' order by numero desc limit 1`,
      )
      expect(rows[0]!.detail).toMatchObject({ format: 'xlsx', lignes: table.length - 1 })
    },
  )

  it('holds rows, and only those of who asks', async () => {
    const cabinet = await portal.login('estuaire', 'CNS2')
    const clients = rowsOf((await cabinet.get('/clients.csv')).text).slice(1)
    expect(clients.map((row) => row[0]).sort()).toEqual(['801', '802', '803'])
    const member = await portal.login('estuaire', '657')
    expect((await member.get('/gestion/adherents.xlsx')).status).toBe(403)
    expect((await member.get('/courriers.pdf')).status).toBe(404)
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    const courriers = rowsOf((await agent.get('/gestion/courriers.csv?numero=657')).text).slice(1)
    expect(courriers.length).toBeGreaterThan(0)
    expect(new Set(courriers.map((row) => row[1]))).toEqual(new Set(['657']))
  })

  it('leaves no file behind', async () => {
    const { readdir } = await import('node:fs/promises')
    const { join } = await import('node:path')
    const agent = await portal.login('estuaire', 'agent@estuaire.example')
    await agent.get('/gestion/adherents.xlsx')
    await agent.get('/gestion/adherents.csv')
    await expect.poll(() => readdir(join(portal.services.config.dataDir, 'temp'))).toEqual([])
  })
})
