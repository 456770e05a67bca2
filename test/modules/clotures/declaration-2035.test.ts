import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CASES_DONT,
  CASES_SAISIES,
  incoherences2035,
  resultat2035,
  roundEuro,
  totaux2035,
} from '../../../src/modules/clotures/declaration-2035.ts'

describe('2035-A and 2035-B', () => {
  it('a profit', () => {
    const cases = {
      AA: 86_400,
      AC: 4_200,
      AE: 35,
      BA: 2_100,
      JY: 612,
      BS: 140,
      BV: 3_890,
      BF: 7_200,
      BH: 5_480,
    }
    const rest = { BJ: 6_935, BK: 17_450, BM: 3_210, BN: 388, CC: 1_200, CH: 4_115 }
    expect(totaux2035({ ...cases, ...rest })).toEqual({
      AD: 82_200,
      AG: 82_235,
      BR: 47_405,
      CA: 34_830,
      CF: 0,
      CE: 36_030,
      CN: 4_115,
      CP: 31_915,
      CR: 0,
    })
  })

  it('a loss', () => {
    const totals = totaux2035({ AA: 21_000, BA: 4_000, BF: 9_000, BH: 6_500, BK: 5_200, CH: 1_500 })
    expect(totals).toMatchObject({ CA: 0, CF: 3_700, CN: 5_200, CP: 0, CR: 5_200 })
    expect(resultat2035(totals)).toBe(-5_200)
  })

  it('débours, gains, capital gains and amounts to deduct', () => {
    const cases = {
      AA: 50_000,
      AB: 1_000,
      AC: 2_000,
      AF: 500,
      BB: 10_000,
      BC: 4_200,
      BK: 9_000,
      CB: 800,
      CL: 3_000,
    }
    expect(totaux2035(cases)).toMatchObject({ AG: 47_500, BR: 23_200, CE: 25_100, CP: 22_100 })
  })

  it('« dont » boxes never change a total', () => {
    const dont = Object.fromEntries(Object.keys(CASES_DONT).map((name) => [name, 999]))
    expect(totaux2035({ AA: 10_000, ...dont })).toEqual(totaux2035({ AA: 10_000 }))
    expect(CASES_SAISIES.filter((name) => name in CASES_DONT)).toEqual([])
  })

  it('every box that is typed enters the result, once', () => {
    const plus = new Set(['AA', 'AE', 'AF', 'CB', 'CC', 'CD'])
    for (const name of CASES_SAISIES) {
      const base = resultat2035(totaux2035({ AA: 100_000 }))
      const more = resultat2035(totaux2035({ AA: 100_000, [name]: name === 'AA' ? 100_700 : 700 }))
      expect([name, more - base]).toEqual([name, plus.has(name) ? 700 : -700])
    }
  })

  it('boxes are rounded before they are added: half a euro goes up', () => {
    expect(totaux2035({ AA: 100.5, BA: 10.4, BF: 10.4 })).toMatchObject({ AG: 101, BR: 20, CP: 81 })
    expect([roundEuro(0.5), roundEuro(-0.5), roundEuro(1.49)]).toEqual([1, -1, 1])
  })

  it('a profit and a loss exclude each other, whatever is typed', () => {
    const amount = fc.integer({ min: -50_000, max: 500_000 })
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...CASES_SAISIES), amount), (cases) => {
        const t = totaux2035(cases)
        expect(t.CA * t.CF).toBe(0)
        expect(t.CP * t.CR).toBe(0)
        expect(t.CP - t.CR).toBe(t.CE - t.CN)
      }),
    )
  })

  it('a detail larger than its whole is reported', () => {
    expect(
      incoherences2035({ BG: 100, BW: 100, BK: 300, BT: 100, BZ: 100, BU: 100, BM: 5, BY: 5, CH: 1, BE: 1 }),
    ).toEqual([])
    expect(incoherences2035({ BW: 1, BT: 1, BY: 1, BE: 1 })).toHaveLength(4)
    expect(incoherences2035({ BK: 299, BT: 100, BZ: 100, BU: 100 })[0]).toContain('BK')
  })
})
