import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../../src/kernel/tableur/columns.ts'
import { fold, parseAmount, parseDay, parseYesNo, plain } from '../../../src/kernel/tableur/values.ts'

const pairs = <T>(read: (cell: string) => T, cases: Record<string, T>) => {
  for (const [cell, value] of Object.entries(cases)) expect([cell, read(cell)]).toEqual([cell, value])
}

describe('the cells of a French table', () => {
  it('days are read as French people and spreadsheets write them', () => {
    pairs(parseDay, {
      '31/12/2025': '2025-12-31',
      '31-12-25': '2025-12-31',
      '1.2.2026': '2026-02-01',
      '01 / 02 / 2026': '2026-02-01',
      '2025-12-31': '2025-12-31',
      '2025-12-31 00:00': '2025-12-31',
      '2025-12-31T00:00:00.000Z': '2025-12-31',
      '20251231': '2025-12-31',
      '31 décembre 2025': '2025-12-31',
      '1er février 2026': '2026-02-01',
      '3 août 26': '2026-08-03',
      '15-juil.-2026': '2026-07-15',
      '12 juin 2026': '2026-06-12',
      '46022': '2025-12-31',
      '46022,5': '2025-12-31',
      '12/05/72': '1972-05-12',
      '\u00a031/12/2025 ': '2025-12-31',
    })
  })

  it('a day that does not exist, or that could be anything, is no day', () => {
    for (const cell of [
      '',
      '31/02/2026',
      '12/31/2025',
      '00/00/0000',
      '5',
      'demain',
      '2025',
      '1/1/1',
      '31/12/2299',
      'x/y/z',
    ])
      expect([cell, parseDay(cell)]).toEqual([cell, null])
  })

  it('amounts are read with every blank, sign and separator, and stay exact', () => {
    pairs(parseAmount, {
      '1 234,50': '1234.5',
      '1\u00a0234,50': '1234.5',
      '1\u202f234\u202f567,89': '1234567.89',
      '1.234,50': '1234.5',
      '1.234.567': '1234567',
      '1,234,567.5': '1234567.5',
      '1234.5': '1234.5',
      '1,234': '1.234',
      '0.125': '0.125',
      '-12': '-12',
      '12-': '-12',
      '\u221212,5': '-12.5',
      '(1 200,00)': '-1200',
      '12,30 €': '12.3',
      '+7': '7',
      '-0,00': '0',
      '0012': '12',
      '99999999999,99': '99999999999.99',
    })
    for (const cell of ['', '1.234', 'douze', '1,2,3', '12 34x', '1e5', '--1', '€', '=1+1'])
      expect([cell, parseAmount(cell)]).toEqual([cell, null])
  })

  it('yes and no', () => {
    pairs(parseYesNo, {
      Oui: true,
      X: true,
      '1': true,
      VRAI: true,
      non: false,
      FAUX: false,
      '0': false,
      'peut-être': null,
      '': null,
    })
  })

  it('blanks are made plain and titles compared without accents nor signs', () => {
    expect(plain('\ufeff  Crème\u00a0\u202fbrûlée \n')).toBe('Crème brûlée')
    expect(fold('N°\u00a0Adhérent (œuvre)')).toBe('n adherent oeuvre')
    expect(
      columnsOf(['Nom', 'N° ADHERENT', 'nom'], {
        numero: ['numéro', 'n° adhérent'],
        nom: ['nom'],
        siret: ['siret'],
      }),
    ).toEqual({
      numero: 1,
      nom: 0,
    })
  })
})
