import { describe, expect, it } from 'vitest'
import { callout, facts, heading, paragraph, title } from '../../../src/kernel/pdf/blocks.ts'
import { bars, ring } from '../../../src/kernel/pdf/charts.ts'
import { letterhead, type Letterhead } from '../../../src/kernel/pdf/letterhead.ts'
import type { Identity } from '../../../src/kernel/pdf/document.ts'
import { Paper } from '../../../src/kernel/pdf/paper.ts'
import { scale } from '../../../src/kernel/pdf/scale.ts'
import { table } from '../../../src/kernel/pdf/table.ts'
import { tiles } from '../../../src/kernel/pdf/tiles.ts'
import { contents, find, rawPdf, readPdf, untagged } from '../../support/pdf.ts'
import { pngOf } from '../../support/png.ts'

const identity: Identity = {
  titre: 'Essai n° 1',
  auteur: 'Dupin & Fils <Libourne>',
  emisLe: '2026-05-13',
  reference: 'Essai n° 1 du 13/05/2026',
  verification: 'Code de vérification : 0000 1111 2222 3333',
  couleur: '#1f5f8b',
}

function made(fill: (paper: Paper) => void, change: Partial<Identity> = {}): Promise<Buffer> {
  const paper = new Paper({ ...identity, ...change })
  fill(paper)
  return paper.finish()
}

const SENTENCE = 'Les recettes encaissées sont rapprochées des déclarations de TVA de l’exercice. '

describe('a paper', () => {
  it('is tagged, in French, has a title to display, and says that it is PDF/A-2a', async () => {
    const file = await made((paper) => title(paper, 'Essai', 'Un sous-titre'))
    const read = await readPdf(file)
    expect(read).toMatchObject({ title: 'Essai n°\u00a01', language: 'fr-FR', marked: true })
    const raw = rawPdf(file)
    expect(raw).toMatch(/^%PDF-1\.7/)
    expect(raw).toContain('/DisplayDocTitle true')
    expect(raw).toContain('<pdfaid:part>2</pdfaid:part>')
    expect(raw).toContain('<pdfaid:conformance>A</pdfaid:conformance>')
    expect(raw).toContain('/OutputIntents')
  })

  it('embeds every font that it uses, and Inter alone', async () => {
    const raw = rawPdf(await made((paper) => title(paper, 'Essai', 'Un sous-titre')))
    const names = [...raw.matchAll(/\/BaseFont \/(\S+)/g)].map(([, name]) => name)
    expect(new Set(names.map((name) => name?.slice(7)))).toEqual(new Set(['Inter-Regular', 'Inter-SemiBold']))
    expect(raw.match(/\/FontFile2 /g)).toHaveLength(2)
    expect(raw).not.toMatch(/\/Subtype \/Type1\b|Helvetica/)
  })

  it('keeps its description whole when a name holds « & » or « < »', async () => {
    const raw = rawPdf(await made((paper) => title(paper, 'Essai', '')))
    const packet = Buffer.from(/<x:xmpmeta[\s\S]*<\/x:xmpmeta>/.exec(raw)?.[0] ?? '', 'latin1').toString()
    expect(packet).toContain('<rdf:li>Dupin &amp; Fils &lt;Libourne&gt;</rdf:li>')
    expect(packet.replace(/&(amp|lt|gt);/g, '')).not.toContain('&')
  })

  it('has the same bytes for the same content, and others for another day', async () => {
    const fill = (paper: Paper) => {
      title(paper, 'Essai', 'Un sous-titre')
      paragraph(paper, SENTENCE.repeat(20))
    }
    const first = await made(fill)
    await made((paper) => paragraph(paper, 'Un autre papier entre-temps, avec d’autres mots : œuvre, Łódź.'))
    expect((await made(fill)).equals(first)).toBe(true)
    expect((await made(fill, { emisLe: '2026-05-14' })).equals(first)).toBe(false)
    expect(rawPdf(first)).toContain('D:20260513120000Z')
  })

  it('numbers its pages and repeats who wrote it, and what it is, outside of the reading order', async () => {
    const file = await made((paper) => {
      for (let i = 0; i < 12; i++) paragraph(paper, SENTENCE.repeat(9))
    })
    const { pages, tags } = await readPdf(file)
    expect(pages.length).toBeGreaterThan(2)
    for (const [i, page] of pages.entries()) {
      expect(page).toContain(`Page ${i + 1} sur ${pages.length}`)
      expect(page).toContain('Essai n° 1 du 13/05/2026')
      expect(page).toContain('0000 1111 2222 3333')
      expect(page.includes('Dupin & Fils <Libourne>')).toBe(i > 0)
    }
    expect(tags.map((tag) => tag.text).join()).not.toMatch(/Page \d|0000 1111/)
  })

  it('breaks a long paragraph over pages and loses no word of it', async () => {
    const words = Array.from({ length: 1_500 }, (_, i) => `mot${i}`)
    const { tags, pages } = await readPdf(await made((paper) => paragraph(paper, words.join(' '))))
    expect(pages.length).toBeGreaterThan(1)
    expect(
      find(tags, 'P')
        .map((tag) => tag.text)
        .join(' '),
    ).toBe(words.join(' '))
  })

  it('paints nothing outside of a tag or an artifact', async () => {
    const file = await made((paper) => {
      letterhead(paper, head)
      title(paper, 'Essai', 'Un sous-titre')
      facts(paper, [['Nom', 'Valeur']])
      tiles(paper, [{ nom: 'Recettes', valeur: '82 235 €', note: '+5 %' }])
      callout(paper, 'À savoir', SENTENCE)
      heading(paper, 'Tableau')
      table(
        paper,
        [{ titre: 'A' }, { titre: 'B', align: 'right' }],
        [{ cells: ['x', '1'] }, { cells: ['T', '1'], total: true }],
      )
      bars(paper, ['2025'], [{ nom: 'Recettes', colour: '#1f5f8b', values: [10] }], String, 'Une barre')
      ring(paper, [{ nom: 'Loyers', value: 1, texts: ['1 €', '100 %'] }], '1 €', 'Un anneau')
      scale(paper, { nom: 'Recettes', value: 1, q1: 1, mediane: 2, q3: 3 }, String, 'Une échelle')
    })
    expect(untagged(file)).toEqual([])
    expect(contents(file)[0]).toContain('/Artifact')
  })
})

const head: Letterhead = {
  nom: 'OMGA de l’Estuaire',
  lignes: ['Association', ''],
  contact: ['12 quai des Chais', '33500 LIBOURNE'],
  logo: pngOf(300, 90, [31, 95, 139]).toString('base64'),
}

describe('its blocks', () => {
  it('a logo is a figure with a name; without one there is none', async () => {
    const withLogo = await readPdf(await made((paper) => letterhead(paper, head)))
    expect(find(withLogo.tags, 'Figure').map((tag) => tag.alt)).toEqual(['Logo de OMGA de l’Estuaire'])
    const without = await readPdf(await made((paper) => letterhead(paper, { ...head, logo: null })))
    expect(find(without.tags, 'Figure')).toEqual([])
    expect(without.text).toContain('33500 LIBOURNE')
  })

  it('facts are a list of names and values, those without a value left out', async () => {
    const { tags } = await readPdf(
      await made((paper) =>
        facts(paper, [
          ['Adhérent', 'Mme Vauquelin'],
          ['SIRET', null],
          ['Vide', ''],
          ['Numéro', '657'],
        ]),
      ),
    )
    expect(find(tags, 'LI').map((item) => item.children.map((part) => [part.role, part.text]))).toEqual([
      [
        ['Lbl', 'Adhérent'],
        ['LBody', 'Mme Vauquelin'],
      ],
      [
        ['Lbl', 'Numéro'],
        ['LBody', '657'],
      ],
    ])
  })

  it('a table has heads for its columns and rows, and its head is read once over several pages', async () => {
    const rows = Array.from({ length: 90 }, (_, i) => ({ cells: [`Ligne ${i}`, String(i)] }))
    const file = await made((paper) =>
      table(paper, [{ titre: 'Poste' }, { titre: 'Montant', align: 'right' }], rows),
    )
    const { pages, tags } = await readPdf(file)
    expect(pages.length).toBe(3)
    expect(pages.every((page) => page.includes('Poste Montant'))).toBe(true)
    expect(
      find(tags, 'THead')
        .filter((tag) => tag.text !== '')
        .map((tag) => tag.text),
    ).toEqual(['Poste Montant'])
    expect(find(tags, 'TD').filter((tag) => tag.text !== '')).toHaveLength(90)
    const raw = rawPdf(file)
    expect(raw.match(/\/Scope \/Column/g)).toHaveLength(2)
    expect(raw.match(/\/Scope \/Row/g)).toHaveLength(90)
    for (const page of pages) expect((page.match(/Ligne \d+/g) ?? []).length).toBeLessThan(45)
  })

  it('numbers end on one vertical line, whatever their length', async () => {
    const file = await made((paper) =>
      table(
        paper,
        [{ titre: 'A' }, { titre: 'B', align: 'right', width: 100 }],
        ['1', '22 222', '−333 333,50'].map((n) => ({ cells: ['x', n] })),
      ),
    )
    const paper = new Paper(identity)
    const at = [...(contents(file)[0] ?? '').matchAll(/1 0 0 1 ([\d.]+) [\d.]+ Tm/g)].map(([, x]) =>
      Number(x),
    )
    const ends = ['1', '22 222', '−333 333,50'].map((n) => {
      const wide = paper.widthOf(n, { size: 8.5 })
      return at.map((x) => x + wide).find((end) => Math.abs(end - (paper.left + paper.width - 4)) < 0.05)
    })
    expect(ends.every((end) => end !== undefined)).toBe(true)
    await paper.finish()
  })

  it('a word longer than its column is cut, never printed over its neighbour', async () => {
    const paper = new Paper(identity)
    const lines = paper.wrap(`court ${'x'.repeat(300)} fin`, 120)
    expect(lines.length).toBeGreaterThan(5)
    expect(Math.max(...lines.map((line) => paper.widthOf(line)))).toBeLessThanOrEqual(120)
    expect(lines.join('').replaceAll(' ', '')).toBe(`court${'x'.repeat(300)}fin`)
    expect(paper.widthOf(paper.fit('y'.repeat(300), 90))).toBeLessThanOrEqual(90)
    await paper.finish()
  })

  it('charts of zeros, losses and one value are drawn, with the same figures in words', async () => {
    const file = await made((paper) => {
      bars(paper, ['2024', '2025'], [{ nom: 'R', colour: '#1f5f8b', values: [0, null] }], String, 'Rien')
      bars(paper, ['2025'], [{ nom: 'R', colour: '#1f5f8b', values: [-5_000] }], String, 'Perte de 5000')
      ring(paper, [], '0', 'Aucune charge')
      ring(paper, [{ nom: 'Loyers', value: 12, texts: ['12 €', '100 %'] }], '12', 'Loyers seuls')
      scale(paper, { nom: 'R', value: 0, q1: 0, mediane: 0, q3: 0 }, String, 'Tous à zéro')
    })
    expect(contents(file).join()).not.toMatch(/NaN|Infinity|undefined/)
    const { tags, text } = await readPdf(file)
    expect(find(tags, 'Figure').map((tag) => tag.alt)).toEqual([
      'Rien',
      'Perte de 5000',
      'Aucune charge',
      'Loyers seuls',
      'Tous à zéro',
    ])
    expect(text).toContain('-5000')
  })
})
