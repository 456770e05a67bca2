import { describe, expect, it } from 'vitest'
import { keysetPage } from '../../src/kernel/keyset.ts'

const ALL = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

/** As Postgres would answer: one row more than the size, backwards from `avant`. */
function read(asked: { apres?: string; avant?: string; rang?: number }) {
  const rows =
    asked.avant === undefined
      ? ALL.filter((x) => asked.apres === undefined || x > asked.apres)
      : ALL.filter((x) => x < asked.avant!).reverse()
  return keysetPage({
    rows: rows.slice(0, 4),
    size: 3,
    asked: { rang: 1, ...asked },
    cursor: (x) => x,
    path: '/liste',
    query: { filtre: 'oui' },
    nom: 'lettres',
  })
}

describe('a list by keyset', () => {
  it('goes forward to the end and back to the beginning, page by page', () => {
    const first = read({})
    expect(first.lignes).toEqual(['a', 'b', 'c'])
    expect(first.pager).toMatchObject({
      debut: 1,
      fin: 3,
      precedente: null,
      suivante: '/liste?filtre=oui&apres=c&rang=4',
    })
    const second = read({ apres: 'c', rang: 4 })
    expect(second.lignes).toEqual(['d', 'e', 'f'])
    expect(second.pager).toMatchObject({ debut: 4, fin: 6, precedente: '/liste?filtre=oui&avant=d&rang=1' })
    const last = read({ apres: 'f', rang: 7 })
    expect(last.lignes).toEqual(['g'])
    expect(last.pager).toMatchObject({ debut: 7, fin: 7, suivante: null })
    const back = read({ avant: 'g', rang: 4 })
    expect(back.lignes).toEqual(['d', 'e', 'f'])
    expect(back.pager).toMatchObject({ debut: 4, fin: 6, suivante: '/liste?filtre=oui&apres=f&rang=7' })
    const start = read({ avant: 'd', rang: 1 })
    expect(start.lignes).toEqual(['a', 'b', 'c'])
    expect(start.pager).toMatchObject({
      debut: 1,
      precedente: null,
      suivante: '/liste?filtre=oui&apres=c&rang=4',
    })
  })

  it('says that nothing is there', () => {
    const { lignes, pager } = keysetPage({
      rows: [],
      size: 3,
      asked: { rang: 1 },
      cursor: String,
      path: '/liste',
      nom: 'x',
    })
    expect(lignes).toEqual([])
    expect(pager).toMatchObject({ fin: 0, precedente: null, suivante: null })
  })
})
