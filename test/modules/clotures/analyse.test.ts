import { describe, expect, it } from 'vitest'
import { analyseBic, analyseBnc, percents, type Analyse } from '../../../src/modules/clotures/analyse.ts'

const values = (analyse: Analyse, cle: string) => analyse.lignes.find((line) => line.cle === cle)?.valeurs

describe('the lines of a 2035', () => {
  const before = { AA: 81_050, AC: 3_100, BA: 1_920, BK: 15_900 }
  const now = {
    AA: 86_400,
    AC: 4_200,
    AE: 35,
    BA: 2_100,
    BF: 7_200,
    BG: 100,
    BK: 17_450,
    CC: 1_200,
    CH: 4_115,
  }
  const analyse = analyseBnc([before, now])

  it('stand year beside year, totals computed', () => {
    expect(values(analyse, 'AG')).toEqual([77_950, 82_235])
    expect(values(analyse, 'BR')).toEqual([17_820, 26_850])
    expect(values(analyse, 'excedent')).toEqual([60_130, 55_385])
    expect(values(analyse, 'plus')).toEqual([0, 1_200])
    expect(analyse.resultat).toEqual([60_130, 52_470])
    expect(analyse.base).toEqual([77_950, 82_235])
  })

  it('leave out what was zero every year, never a total', () => {
    expect(values(analyse, 'BB')).toBeUndefined()
    expect(analyseBnc([{}]).lignes.map((line) => line.cle)).toEqual(['AG', 'BR', 'excedent', 'resultat'])
  })

  it('are told in percents of the recettes of their own year', () => {
    const line = analyse.lignes.find((one) => one.cle === 'BK')
    expect(line && percents(line, analyse.base).map((value) => value?.toFixed(2))).toEqual(['20.40', '21.22'])
    const none = analyseBnc([{ BK: 100 }])
    expect(percents(none.lignes[1]!, none.base)).toEqual([null])
  })

  it('show a loss below zero', () => {
    expect(analyseBnc([{ AA: 21_000, BF: 24_700, CH: 1_500 }]).resultat).toEqual([-5_200])
  })
})

describe('the lines of a commercial business', () => {
  it('run from sales to self-financing, each step the sum of those before', () => {
    const compte = {
      ventesMarchandises: 120_000,
      coutAchat: 70_000,
      productionVendue: 60_000,
      consommationsTiers: 38_000,
    }
    const analyse = analyseBic([
      { ...compte, personnel: 31_000, dotations: 6_500, chargesFinancieres: 1_200 },
    ])
    const steps = [
      'marge',
      'valeur_ajoutee',
      'excedent_brut',
      'exploitation',
      'courant',
      'resultat',
      'autofinancement',
    ]
    expect(steps.map((cle) => values(analyse, cle)?.[0])).toEqual([
      50_000, 72_000, 41_000, 34_500, 33_300, 33_300, 39_800,
    ])
    expect(values(analyse, 'financier')).toEqual([-1_200])
    expect(analyse.base).toEqual([180_000])
  })
})

describe('where the money goes', () => {
  it('is told for the last year, largest first, the smallest posts together, nothing lost', () => {
    const cases = { AA: 1, BA: 10, BB: 20, BD: 3, BF: 70, BH: 60, BJ: 50, BK: 80, BM: 40, BN: 2, CH: 1 }
    const { postes } = analyseBnc([{ BA: 999 }, cases])
    expect(postes.map((one) => one.montant)).toEqual([80, 70, 60, 50, 40, 20, 16])
    expect(postes.at(-1)?.nom).toBe('Autres postes')
  })

  it('is empty without costs', () => {
    expect(analyseBnc([{ AA: 1_000 }]).postes).toEqual([])
    expect(analyseBic([{}]).postes).toEqual([])
  })
})
