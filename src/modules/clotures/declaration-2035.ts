/*
 * Totals of forms 2035-A and 2035-B (bénéfices non commerciaux, déclaration contrôlée), by their boxes.
 * Whole euros: each box is rounded first, then the totals are computed on the rounded boxes, as on the form.
 */

/** Boxes that a professional fills and that enter a total. */
export const CASES_SAISIES = [
  // 2035-A, recettes (lines 1 to 6)
  ...['AA', 'AB', 'AC', 'AE', 'AF'],
  // 2035-A, dépenses (lines 8 to 32)
  ...['BA', 'BB', 'BC', 'BD', 'JY', 'BS', 'BV', 'BF', 'BG', 'BH', 'BJ', 'BK', 'BM', 'BN', 'BP'],
  // 2035-B (lines 35 to 44)
  ...['CB', 'CC', 'CD', 'CG', 'CH', 'CK', 'CL', 'CM'],
] as const

/** « Dont » boxes: they detail another box and are never added. */
export const CASES_DONT = { BW: 'BG', BT: 'BK', BZ: 'BK', BU: 'BK', BY: 'BM', BE: 'CH' } as const

export type Cases = Partial<Record<string, number>>

export interface Totaux2035 {
  /** 4. Montant net des recettes. */
  AD: number
  /** 7. Total des recettes. */
  AG: number
  /** 33. Total des dépenses. */
  BR: number
  /** 34. Excédent, or 39. insuffisance: one of the two is zero. */
  CA: number
  CF: number
  /** 38 and 45. Totals of 2035-B. */
  CE: number
  CN: number
  /** 46. Bénéfice, or 47. déficit: one of the two is zero. */
  CP: number
  CR: number
}

const DEPENSES = [
  'BA',
  'BB',
  'BC',
  'BD',
  'JY',
  'BS',
  'BV',
  'BF',
  'BG',
  'BH',
  'BJ',
  'BK',
  'BM',
  'BN',
  'BP',
] as const

export function totaux2035(cases: Cases): Totaux2035 {
  const box = (name: string) => roundEuro(cases[name] ?? 0)
  const AD = box('AA') - box('AB') - box('AC')
  const AG = AD + box('AE') + box('AF')
  const BR = DEPENSES.reduce((sum, name) => sum + box(name), 0)
  const CA = Math.max(0, AG - BR)
  const CF = Math.max(0, BR - AG)
  const CE = CA + box('CB') + box('CC') + box('CD')
  const CN = CF + box('CG') + box('CH') + box('CK') + box('CL') + box('CM')
  return { AD, AG, BR, CA, CF, CE, CN, CP: Math.max(0, CE - CN), CR: Math.max(0, CN - CE) }
}

/** Bénéfice, negative when it is a déficit. */
export function resultat2035({ CP, CR }: Totaux2035): number {
  return CP - CR
}

/** What does not hold on a return, in French sentences: they become the questions of the ECCV. */
export function incoherences2035(cases: Cases): string[] {
  const box = (name: string) => roundEuro(cases[name] ?? 0)
  const found: string[] = []
  if (box('BW') > box('BG')) found.push('La case BW dépasse la case BG qui la contient.')
  if (box('BT') + box('BZ') + box('BU') > box('BK'))
    found.push('Les cases BT, BZ et BU dépassent la case BK.')
  if (box('BY') > box('BM')) found.push('La case BY dépasse la case BM qui la contient.')
  if (box('BE') > box('CH')) found.push('La case BE dépasse la case CH qui la contient.')
  return found
}

/** Half a euro goes up, away from zero (CGI 1657: la fraction égale à 0,50 est comptée pour 1). */
export function roundEuro(amount: number): number {
  return Math.sign(amount) * Math.round(Math.abs(amount))
}
