import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WHITE, ink, tint } from '../../../src/kernel/pdf/colour.ts'
import { fontOf, printable } from '../../../src/kernel/pdf/fonts.ts'
import { contrast } from '../../../src/kernel/theme.ts'

describe('text made printable', () => {
  it.each([
    ['e\u0301tat', 'état'],
    ['Łukasz Šimić, Ștefan', 'Łukasz Šimić, Ștefan'],
    ['a\tb\u00adc\u200bd\u202ee', 'a bcde'],
    ['Ελένη', '?????'],
    ['ﬁn № ½', 'fin № ½'],
    ['deux\nlignes', 'deux\nlignes'],
    ['👍', '?'],
  ])('%j becomes %j', (text, printed) => {
    expect(printable(text)).toBe(printed)
  })

  it('keeps together what French never breaks', () => {
    expect(printable('« Oui » : n° 12, 50 % ; 3 €')).toBe(
      '«\u00a0Oui\u00a0»\u00a0: n°\u00a012, 50\u00a0%\u00a0; 3\u00a0€',
    )
  })

  it('whatever is typed, both fonts hold every character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        for (const character of printable(text).replaceAll('\n', '')) {
          for (const name of ['regular', 'semibold'] as const) {
            expect(fontOf(name).hasGlyphForCodePoint(character.codePointAt(0) ?? 0), character).toBe(true)
          }
        }
      }),
    )
  })

  it('digits are tabular: all as wide as a zero', () => {
    for (const name of ['regular', 'semibold'] as const) {
      const widths = [...'0123456789'].map((digit) => fontOf(name).layout(digit).advanceWidth)
      expect(new Set(widths).size).toBe(1)
    }
  })
})

describe('the colour of an organisme', () => {
  const colour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`)

  it('is always read as text on white, and stays itself when it already was', () => {
    fc.assert(
      fc.property(colour, (brand) => {
        expect(contrast(ink(brand), WHITE)).toBeGreaterThanOrEqual(4.5)
      }),
    )
    expect(ink('#1f5f8b')).toBe('#1f5f8b')
    expect(ink('#ffd400')).not.toBe('#ffd400')
  })

  it('is mixed with white, and refused when it is none', () => {
    expect(tint('#000000', 0.5)).toBe('#808080')
    expect(tint('#1f5f8b', 1)).toBe('#1f5f8b')
    for (const text of ['red', '#fff', '#12345g', '#1234567', '']) expect(() => ink(text)).toThrow(RangeError)
  })
})
