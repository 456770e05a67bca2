import { describe, expect, it } from 'vitest'
import { csvCell, csvLines } from '../../src/kernel/csv.ts'

describe('csvCell', () => {
  it('makes a text of what a spreadsheet would run (ASVS 1.2.10, abuse case 32)', () => {
    const dangerous = [
      '=HYPERLINK("http://x")',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '\n=1',
      '  =1',
      '\u00a0=1',
      '＝1',
      '＋1',
      '－1',
      '＠1',
      '|cmd',
      '%0A',
    ]
    for (const text of dangerous) expect([text, csvCell(text)]).toEqual([text, `'${text}`])
  })

  it('leaves the rest as it is', () => {
    for (const text of ['', 'CARRIVEAU Solène', '05 57 00 00 61', 'a=b', '12', 'l’Union'])
      expect(csvCell(text)).toBe(text)
    expect(csvCell(null)).toBe('')
    expect(csvCell(undefined)).toBe('')
    expect(csvCell(-12.5)).toBe('-12,5')
  })
})

describe('csvLines', () => {
  it('begins with a byte order mark, separates by semicolons, quotes every cell and doubles the quotes', () => {
    const text = csvLines(
      [
        ['N°', 'Nom'],
        ['12', 'L’« Étal »; "fils"\nsuite'],
      ],
      true,
    ).toString('utf8')
    expect(text).toBe('\ufeff"N°";"Nom"\r\n"12";"L’« Étal »; ""fils""\nsuite"\r\n')
  })

  it('has no byte order mark in the parts that follow, and no line for no row', () => {
    expect(csvLines([['a']], false).toString('utf8')).toBe('"a"\r\n')
    expect(csvLines([], false)).toHaveLength(0)
  })
})
