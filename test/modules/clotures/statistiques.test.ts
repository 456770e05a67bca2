import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffusion, mean, position, quartiles } from '../../../src/modules/clotures/statistiques.ts'

describe('quartiles', () => {
  it.each([
    [[18, 22, 25, 31, 40], { q1: 22, mediane: 25, q3: 31 }],
    [[10, 20, 30, 40], { q1: 17.5, mediane: 25, q3: 32.5 }],
    [[12, 29, 33, 47, 50, 61], { q1: 30, mediane: 40, q3: 49.25 }],
    [[61, 12, 50, 29, 47, 33], { q1: 30, mediane: 40, q3: 49.25 }],
    [[7], { q1: 7, mediane: 7, q3: 7 }],
  ])('of %j', (values, expected) => {
    expect(quartiles(values)).toEqual(expected)
  })

  it('of nothing are nothing', () => {
    expect(quartiles([])).toBeNull()
    expect(mean([])).toBeNull()
    expect(mean([1, 2, 6])).toBe(3)
  })

  it('keep their order and stay within the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 }), (values) => {
        const q = quartiles(values)
        if (!q) throw new Error('no quartiles')
        expect(
          Math.min(...values) <= q.q1 &&
            q.q1 <= q.mediane &&
            q.mediane <= q.q3 &&
            q.q3 <= Math.max(...values),
        ).toBe(true)
      }),
    )
  })

  it('place a member among the profession', () => {
    const q = { q1: 20, mediane: 30, q3: 40 }
    expect([19, 20, 30, 39, 40].map((value) => position(value, q))).toEqual([1, 2, 3, 3, 4])
  })
})

describe('secret statistique', () => {
  it('hides fewer than three businesses, and one that holds more than 85 %', () => {
    expect(diffusion([10, 20])).toBe('secret')
    expect(diffusion([86, 7, 7])).toBe('secret')
    expect(diffusion([85, 8, 7])).toBe('non_significatif')
    expect(diffusion([-86, 7, 7])).toBe('secret')
  })

  it('is not significant under ten', () => {
    expect(diffusion(Array.from({ length: 9 }, () => 10))).toBe('non_significatif')
    expect(diffusion(Array.from({ length: 10 }, () => 10))).toBe('diffusable')
    expect(diffusion(Array.from({ length: 12 }, () => 0))).toBe('diffusable')
  })
})
