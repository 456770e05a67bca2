import { expect, it } from 'vitest'
import { drapeaux, type Signaux } from '../../../src/modules/clotures/prevention.ts'

const calm: Signaux = {
  recettes: 80_000,
  recettesAvant: 82_000,
  resultat: 40_000,
  excedentBrut: 45_000,
  q1Resultat: 30_000,
  cotisations: 16_000,
  prelevements: 36_000,
  tresorerie: 4_000,
  tresorerieAvant: -300,
}

const seen = (change: Partial<Signaux>) => drapeaux({ ...calm, ...change }).map((flag) => flag.cle)

it('a sound business shows no warning', () => {
  expect(seen({})).toEqual([])
})

it('a business of which little is known shows none either', () => {
  const unknown = {
    recettesAvant: null,
    q1Resultat: null,
    cotisations: null,
    prelevements: null,
    tresorerie: null,
    tresorerieAvant: null,
  }
  expect(seen(unknown)).toEqual([])
  expect(seen({ ...unknown, recettes: 0, cotisations: 5_000 })).toEqual([])
})

it.each([
  [{ excedentBrut: -1 }, 'excedent_negatif'],
  [{ tresorerie: -1 }, 'tresorerie_negative'],
  [{ resultat: 29_999, prelevements: 0 }, 'resultat_sous_q1'],
  [{ recettesAvant: 100_000 }, 'baisse_recettes'],
  [{ cotisations: 24_001 }, 'cotisations_elevees'],
  [{ prelevements: 40_001 }, 'prelevements_superieurs'],
] as const)('%j warns of %s', (change, cle) => {
  expect(seen(change)).toEqual([cle])
})

it.each([
  { excedentBrut: 0 },
  { tresorerie: -1, tresorerieAvant: 0 },
  { resultat: 30_000, prelevements: 0 },
  { recettesAvant: 99_999 },
  { cotisations: 24_000 },
  { prelevements: 40_000 },
])('%j is still on the right side', (change) => {
  expect(seen(change)).toEqual([])
})
