import { describe, expect, it } from 'vitest'
import { type Element, destinations, sorted, step, tokens } from '../../../src/modules/espaces/espace.ts'
import { textOfPdf } from '../../../src/modules/espaces/lecture.ts'
import { passages } from '../../../src/modules/espaces/recherche.ts'
import { makePdf } from '../../kernel/files/pdf-maker.ts'
import { guidePdf } from '../../../seeds/espaces-papier.ts'
import { unfoldingPdf } from './bomb.ts'

function row(
  id: string,
  parent_id: string | null,
  genre: Element['genre'],
  more: Partial<Element> = {},
): Element {
  return { id, parent_id, genre, titre: id, resume: '', url: '', modifie_le: '2026-01-01T00:00:00Z', mime: null, taille: null, antivirus: null, ...more } // prettier-ignore
}

describe('the tree of the espaces documents', () => {
  const rows = [
    row('b', null, 'lien'),
    row('a', null, 'dossier'),
    row('vide', null, 'dossier'),
    row('c', 'a', 'fichier'),
  ]

  it('F65: opens a folder, shows what it holds, closes it, and leaves out folders that show nothing', () => {
    expect(tokens(rows, null, 'ordre')).toEqual([
      { ouvre: rows[1], nombre: 1 },
      { element: rows[3] },
      { ferme: true },
      { element: rows[0] },
    ])
  })

  it('F65: folders stand first whatever the order asked', () => {
    const one = row('z', null, 'dossier')
    const old = row('é', null, 'lien', { modifie_le: '2020-01-01T00:00:00Z' })
    const recent = row('e10', null, 'lien', { modifie_le: '2026-02-01T00:00:00Z' })
    const early = row('e9', null, 'lien', { modifie_le: '2025-02-01T00:00:00Z' })
    const ids = (tri: 'ordre' | 'nom' | 'date') => sorted([old, recent, early, one], tri).map(({ id }) => id)
    expect(ids('ordre')).toEqual(['z', 'é', 'e10', 'e9'])
    expect(ids('nom')).toEqual(['z', 'é', 'e9', 'e10'])
    expect(ids('date')).toEqual(['z', 'e10', 'e9', 'é'])
  })

  it('a folder may go anywhere but into itself and what it holds', () => {
    const folders = [
      { id: 'a', titre: 'A', chemin: ['a'] },
      { id: 'b', titre: 'B', chemin: ['a', 'b'] },
      { id: 'c', titre: 'C', chemin: ['c'] },
    ]
    expect(destinations(folders, 'a')).toEqual([{ valeur: 'c', libelle: 'C' }])
    expect(destinations(folders, null).map(({ libelle }) => libelle)).toEqual(['A', 'A › B', 'C'])
  })

  it('goes one step higher or lower, and stays at the ends', () => {
    expect(step(['a', 'b', 'c'], 'c', 'monter')).toEqual(['a', 'c', 'b'])
    expect(step(['a', 'b', 'c'], 'a', 'descendre')).toEqual(['b', 'a', 'c'])
    expect(step(['a', 'b', 'c'], 'a', 'monter')).toEqual(['a', 'b', 'c'])
    expect(step(['a', 'b', 'c'], 'x', 'monter')).toEqual(['a', 'b', 'c'])
  })

  it('cuts a passage at the words found', () => {
    expect(passages('Le \u0002barème\u0003 du\nvéhicule \u0002kilométrique\u0003')).toEqual([
      { texte: 'Le ', trouve: false },
      { texte: 'barème', trouve: true },
      { texte: ' du véhicule ', trouve: false },
      { texte: 'kilométrique', trouve: true },
    ])
  })
})

describe('the words of a PDF', () => {
  it('are read, spaces made one', async () => {
    const { bytes } = await guidePdf({ nom: 'OGA', couleur: '#1f5c7a' }, '2026-01-01', {
      titre: 'Frais de véhicule',
      sousTitre: 'Péages et stationnement',
      parties: [['Carnet', ['Gardez un relevé kilométrique.']]],
    })
    expect(await textOfPdf(bytes)).toContain('relevé kilométrique')
  })

  it('are not read of a file that is no PDF, and nothing falls', async () => {
    expect(await textOfPdf(Buffer.from('%PDF-1.7 nothing else'))).toBeNull()
  })

  it('are given up when reading takes too long or too much memory', async () => {
    expect(await textOfPdf(await makePdf(), { timeMs: 1 })).toBeNull()
    const bomb = await unfoldingPdf(900)
    const before = process.memoryUsage.rss()
    let most = before
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20)
    expect(await textOfPdf(bomb, { memoryBytes: 64 * 1024 * 1024 })).toBeNull()
    clearInterval(watch)
    expect(most - before).toBeLessThan(250 * 1024 * 1024)
  }, 30_000)
})
