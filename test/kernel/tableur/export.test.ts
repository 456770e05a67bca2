import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSheet } from 'read-excel-file/node'
import { openTable } from '../../../src/kernel/tableur/read.ts'
import { type Column, inBatches } from '../../../src/kernel/tableur/export.ts'
import { writeWorkbook } from '../../../src/kernel/tableur/write-workbook.ts'
import { archiveFault } from '../../../src/kernel/files/archive.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'classeur-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Row {
  nom: string | null
  le: string | null
  montant: number | null
  nombre: number
}

const columns: Column<Row>[] = [
  { titre: 'Nom', valeur: (row) => row.nom },
  { titre: 'Le', genre: 'jour', valeur: (row) => row.le },
  { titre: 'Montant', genre: 'montant', valeur: (row) => row.montant },
  { titre: 'Nombre', genre: 'nombre', valeur: (row) => row.nombre },
]

async function* batchesOf(rows: Row[], size = 2) {
  yield* inBatches<Row>(async (last, count) => {
    const from = last === undefined ? 0 : rows.indexOf(last) + 1
    return Promise.resolve(rows.slice(from, from + count))
  }, size)
}

describe('writing a workbook', () => {
  it('gives texts, days and numbers of their true types to another library, and to ours', async () => {
    const path = join(folder, 'a.xlsx')
    const rows: Row[] = [
      { nom: 'L’« Étal » & <fils> "bis"', le: '2025-12-31', montant: -1234.5, nombre: 3 },
      { nom: '=HYPERLINK("http://x.example")', le: null, montant: null, nombre: 0 },
      { nom: 'deux\nlignes\u0000\ud800', le: '2024-02-29', montant: 0.1, nombre: -1 },
    ]
    await writeWorkbook(path, 'Adhérents / 2026', columns, batchesOf(rows))
    expect(await archiveFault(path, { maxEntries: 20, maxBytes: 1e6 })).toBeUndefined()
    expect(await readSheet(path)).toEqual([
      ['Nom', 'Le', 'Montant', 'Nombre'],
      ['L’« Étal » & <fils> "bis"', new Date('2025-12-31'), -1234.5, 3],
      ['=HYPERLINK("http://x.example")', null, null, 0],
      ['deux\nlignes', new Date('2024-02-29'), 0.1, -1],
    ])
    const table = await openTable(path, 'a.xlsx')
    const lines = []
    for await (const row of table.rows()) lines.push(row.cells)
    expect(lines[0]).toEqual(['L’« Étal » & <fils> "bis"', '2025-12-31', '-1234,5', '3'])
    expect(lines[1]?.[0]).toBe('=HYPERLINK("http://x.example")')
  })

  it('holds no formula, whatever the texts are', async () => {
    const path = join(folder, 'f.xlsx')
    const rows = ['=1+1', '+1', '-1', '@A1', '\t=1'].map((nom) => ({
      nom,
      le: '=1',
      montant: null,
      nombre: 1,
    }))
    await writeWorkbook(path, 'f', columns, batchesOf(rows))
    const { openPromise } = await import('yauzl')
    const zip = await openPromise(path, { autoClose: false })
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== 'xl/worksheets/sheet1.xml') continue
      const xml = (await (await zip.openReadStreamPromise(entry)).toArray()).join('')
      expect(xml).not.toMatch(/<f[ >]/)
      expect(xml.match(/ s="4" t="inlineStr"/g)).toHaveLength(10)
    }
    zip.close()
  })

  it('lets go of everything when the rows fail on their way', async () => {
    const failing = async function* () {
      yield [{ nom: 'a', le: null, montant: 1, nombre: 1 }]
      await Promise.resolve()
      throw new Error('panne')
    }
    await expect(writeWorkbook(join(folder, 'x.xlsx'), 'x', columns, failing())).rejects.toThrow('panne')
  })

  it('keeps its memory while the list grows', async () => {
    const path = join(folder, 'grand.xlsx')
    const batch = Array.from({ length: 1000 }, (_, i) => ({
      nom: `nom ${i}`,
      le: '2025-12-31',
      montant: i,
      nombre: i,
    }))
    const many = async function* () {
      for (let i = 0; i < 50; i++) yield await Promise.resolve(batch)
    }
    const before = process.memoryUsage().rss
    await writeWorkbook(path, 'g', columns, many())
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000)
    expect((await readFile(path)).length).toBeGreaterThan(100_000)
  })
})
