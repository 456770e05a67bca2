import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choose } from '../../../src/modules/statistiques/choix.ts'
import { boite, courbes } from '../../../src/modules/statistiques/graphe.ts'
import { myFigures } from '../../../src/modules/statistiques/moi.ts'
import { regionOf } from '../../../src/modules/statistiques/regions.ts'
import { isSecret, publish } from '../../../src/modules/statistiques/secret.ts'
import type { Recue } from '../../../src/modules/statistiques/statistique.ts'

function cell(region: string, effectif: number, more: Partial<Recue> = {}): Recue {
  return {
    profession: 'Fleuriste', categorie: 'BIC', annee: 2025, region, tranche: '', poste: 'recettes', effectif,
    part_max: 10, moyenne: 100, q1: 80, mediane: 95, q3: 120, ...more,
  } // prettier-ignore
}

/** Region → what is shown of it. */
const shown = (rows: Recue[]) =>
  Object.fromEntries(publish(rows).map((row) => [row.region || 'France', row.diffusion]))

describe('statistical secret', () => {
  it.each([
    [2, 10, 'secret'],
    [3, 10, 'non_significatif'],
    [9, 85, 'non_significatif'],
    [10, 85, 'diffusable'],
    [10, 85.1, 'secret'],
    [400, 86, 'secret'],
    [400, null, 'secret'],
  ] as const)('of %i businesses, the largest holding %s %%: %s', (effectif, part_max, diffusion) => {
    const [row] = publish([cell('', effectif, { part_max })])
    expect(row!.diffusion).toBe(diffusion)
    expect(row!.moyenne === null).toBe(diffusion !== 'diffusable')
    expect(JSON.stringify(row)).not.toContain('part_max')
  })

  it('one region alone is not hidden: the smallest other is hidden with it', () => {
    expect(shown([cell('', 70), cell('A', 2), cell('B', 40), cell('C', 28)])).toEqual({
      France: 'diffusable', A: 'secret', B: 'diffusable', C: 'secret' }) // prettier-ignore
  })

  it('two hidden regions that hold fewer than three businesses together are not enough', () => {
    expect(shown([cell('', 62), cell('A', 1), cell('B', 1), cell('C', 40), cell('D', 20)])).toMatchObject({
      D: 'secret',
      C: 'diffusable',
    })
  })

  it('two hidden regions that hold three are enough, and one that is not significant hides as well', () => {
    expect(shown([cell('', 63), cell('A', 2), cell('B', 1), cell('C', 60)])).toMatchObject({
      C: 'diffusable',
    })
    expect(shown([cell('', 67), cell('A', 2), cell('B', 5), cell('C', 60)])).toMatchObject({
      B: 'non_significatif',
      C: 'diffusable',
    })
  })

  it('what the file leaves out protects, when it holds enough', () => {
    expect(shown([cell('', 70), cell('A', 2), cell('B', 40)])).toMatchObject({ B: 'diffusable' })
  })

  it('with nothing else to hide, the total goes', () => {
    expect(shown([cell('', 2 + 8), cell('A', 2), cell('B', 8)])).toMatchObject({ France: 'diffusable' })
    expect(shown([cell('', 12, {}), cell('A', 12, { part_max: 90 })])).toEqual({
      France: 'secret',
      A: 'secret',
    })
  })

  it('bands protect each other as regions do', () => {
    const rows = [
      cell('', 60),
      cell('', 2, { tranche: 't1' }),
      cell('', 30, { tranche: 't2' }),
      cell('', 28, { tranche: 't3' }),
    ]
    const bands = Object.fromEntries(publish(rows).map((row) => [row.tranche, row.diffusion]))
    expect(bands).toEqual({ '': 'diffusable', t1: 'secret', t2: 'diffusable', t3: 'secret' })
  })

  it('never lets a hidden cell be found by taking the others from a total, whatever the table and its order', () => {
    const part = fc.record({
      effectif: fc.integer({ min: 0, max: 40 }),
      part_max: fc.integer({ min: 5, max: 100 }),
    })
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 12 }),
        (parts, outside) => {
          const regions = parts.map((one, i) => cell(`R${i}`, one.effectif, { part_max: one.part_max }))
          const rows = [cell('', outside + parts.reduce((n, one) => n + one.effectif, 0)), ...regions]
          const published = publish(rows)
          const total = published.find((row) => row.region === '')!
          const unknown = published.filter(
            (row) => row.region !== '' && row.diffusion !== 'diffusable' && row.effectif > 0,
          )
          if (total.diffusion === 'diffusable' && unknown.some((row) => row.diffusion === 'secret')) {
            expect(unknown.length + (outside > 0 ? 1 : 0)).toBeGreaterThanOrEqual(2)
            expect(unknown.reduce((n, row) => n + row.effectif, outside)).toBeGreaterThanOrEqual(3)
          }
          const again = publish([...rows].reverse())
          for (const row of published) expect(again).toContainEqual(row)
        },
      ),
    )
  })

  it('a region without businesses hides nobody: it is known to be zero', () => {
    expect(
      shown([cell('', 70), cell('A', 12, { part_max: 90 }), cell('B', 0), cell('C', 28), cell('D', 30)]),
    ).toMatchObject({ A: 'secret', C: 'secret', D: 'diffusable' })
  })

  it('the one that is hidden with it does not follow from its own bands', () => {
    const rows = [cell('', 70), cell('A', 2), cell('B', 40), cell('C', 28)]
    const bands = [cell('C', 12, { tranche: 't1' }), cell('C', 16, { tranche: 't2' })]
    const published = publish([...rows, ...bands])
    expect(published.filter((row) => row.tranche !== '').map((row) => row.diffusion)).toContain('secret')
  })

  it('two hidden regions of which one business holds nearly all are not enough', () => {
    const of = (...regions: Recue[]) => {
      const effectif = regions.reduce((n, row) => n + row.effectif, 0)
      const sum = regions.reduce((n, row) => n + row.effectif * row.moyenne!, 0)
      return shown([cell('', effectif, { moyenne: sum / effectif }), ...regions])
    }
    const [a, b] = [cell('A', 12, { part_max: 95, moyenne: 5000 }), cell('B', 20)]
    // What A and B hold together follows from the total: 62,000, of which one business has 57,000.
    expect(of(a, b, cell('C', 40, { moyenne: 900 }))).toEqual({
      France: 'diffusable', A: 'secret', B: 'secret', C: 'secret' }) // prettier-ignore
    expect(of(a, { ...b, moyenne: 900 }, cell('C', 40, { moyenne: 900 }))).toMatchObject({ C: 'diffusable' })
  })

  it('no hidden cell follows from several lines taken together, whatever the table', () => {
    const part = fc.record({
      effectif: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(30)),
      part_max: fc.oneof(fc.constant(10), fc.integer({ min: 5, max: 100 })),
    })
    const table = fc
      .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 5 }))
      .chain(([w, h]) =>
        fc.array(fc.array(part, { minLength: w, maxLength: w }), { minLength: h, maxLength: h }),
      )
    fc.assert(
      fc.property(table, (parts) => {
        const sum = (list: { effectif: number }[]) => list.reduce((n, one) => n + one.effectif, 0)
        const rows = [
          cell('', sum(parts.flat())),
          ...parts[0]!.map((_, t) => cell('', sum(parts.map((line) => line[t]!)), { tranche: `t${t}` })),
          ...parts.flatMap((line, r) => [
            cell(`R${r}`, sum(line)),
            ...line.map(({ effectif, part_max }, t) =>
              cell(`R${r}`, effectif, { part_max, tranche: `t${t}` }),
            ),
          ]),
        ]
        const published = publish(rows)
        const unknown = published.filter((row) => row.effectif > 0 && row.diffusion !== 'diffusable')
        // One equation a line, over what nobody is told.
        const equation = (of: (row: Recue) => number) => unknown.map((row) => of(row as unknown as Recue))
        const matrix = [
          ...['', ...parts[0]!.map((_, t) => `t${t}`)].map((t) =>
            equation((row) => (row.tranche !== t ? 0 : row.region === '' ? -1 : 1)),
          ),
          ...['', ...parts.map((_, r) => `R${r}`)].map((r) =>
            equation((row) => (row.region !== r ? 0 : row.tranche === '' ? -1 : 1)),
          ),
        ]
        const secret = (row: { region: string; tranche: string }) =>
          isSecret(rows.find((one) => one.region === row.region && one.tranche === row.tranche)!)
        const all = rank(matrix)
        for (const [i, row] of unknown.entries()) {
          if (!secret(row)) continue
          expect(rank([...matrix, unknown.map((_, k) => (k === i ? 1 : 0))]), JSON.stringify(row)).toBe(
            all + 1,
          )
        }
      }),
    )
  })
})

/** Of a small matrix of whole numbers. */
function rank(matrix: readonly (readonly number[])[]): number {
  const rows = matrix.map((row) => [...row])
  let found = 0
  for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
    const at = rows.findIndex((row, i) => i >= found && Math.abs(row[column]!) > 1e-9)
    if (at < 0) continue
    ;[rows[found], rows[at]] = [rows[at]!, rows[found]!]
    for (const row of rows.slice(found + 1)) {
      const times = row[column]! / rows[found]![column]!
      for (let k = column; k < row.length; k++) row[k] = row[k]! - times * rows[found]![k]!
    }
    found++
  }
  return found
}

describe('what a page shows', () => {
  it('a postcode has its region', () => {
    expect(['33500', '20000', '97410', '75011', '', '00000'].map(regionOf)).toEqual(
      ['Nouvelle-Aquitaine', 'Corse', 'La Réunion', 'Île-de-France', '', '']) // prettier-ignore
  })

  it('the table asked, else my profession, the newest year, the country', () => {
    const choix = (profession: string, annee: number, region = '') => ({
      profession,
      categorie: 'BNC',
      annee,
      region,
      tranche: '',
    })
    const all = [choix('A', 2025), choix('A', 2025, 'Corse'), choix('B', 2025), choix('B', 2024)]
    expect(choose(all, { profession: '', tranche: '' }, ['B'])).toEqual(choix('B', 2025))
    expect(choose(all, { profession: 'B', annee: 2024, tranche: '' }, [])).toEqual(choix('B', 2024))
    expect(choose(all, { profession: 'A', region: 'Corse', tranche: 'x' }, [])).toEqual(
      choix('A', 2025, 'Corse'),
    )
    expect(choose(all, { profession: 'zzz', annee: 1, region: 'zzz', tranche: '' }, [])).toEqual(
      choix('A', 2025),
    )
    expect(choose([], { profession: '', tranche: '' }, [])).toBeUndefined()
  })

  it('my own figures under the same postes, and their change over a year', () => {
    const mine = myFigures([
      { annee: 2024, comptes: { genre: '2035', cases: { AA: 100, BA: 20 } } },
      {
        annee: 2025,
        comptes: { genre: '2035', cases: { AA: 110, BA: 22, BB: 5, BC: 2, BF: 10, BJ: 7, BK: 9, CH: 4 } },
      },
    ])
    expect(mine.get(2024)!.evolution).toBeUndefined()
    expect(mine.get(2025)).toMatchObject({
      recettes: 110, achats: 22, marge_brute: 80, personnel: 7, loyers: 10, vehicule: 7, charges_sociales: 9,
      amortissements: 4, resultat: 51, evolution: expect.closeTo(10, 5) as number,
    }) // prettier-ignore
  })

  it('drawings stay in their frame, losses too', () => {
    const { debut, fin, mediane, moi, zero, largeur } = boite(
      { q1: -50, mediane: 10, q3: 80, moyenne: 20 },
      200,
    )
    expect(debut).toBeLessThan(mediane)
    expect(mediane).toBeLessThan(fin)
    expect(zero).toBeGreaterThan(debut)
    expect(moi).toBeLessThanOrEqual(largeur)
    const { series, reperes } = courbes([2024, 2025], [{ nom: 'x', rang: 1, valeurs: [null, 74_000] }])
    expect(series[0]!.points).toHaveLength(1)
    expect(reperes.map(({ valeur }) => valeur)).toEqual([0, 20_000, 40_000, 60_000, 80_000])
  })
})
