import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Palette, contrast, palettes, themeCss, themeHash } from '../../src/kernel/theme.ts'

const colour = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  .map((rgb) => `#${rgb.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`)

/** Every text of a palette with every background it may stand on. */
function pairs(palette: Palette): [string, string][] {
  return [
    [palette.onFill, palette.fill],
    [palette.onFill, palette.fillHover],
    ...palette.surfaces.flatMap((surface): [string, string][] => [
      [palette.ink, surface],
      [palette.inkHover, surface],
    ]),
  ]
}

describe('the colour of an organisme', () => {
  it('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3)
    expect(contrast('#7a1f5c', '#7a1f5c')).toBe(1)
  })

  it('keeps every text readable, whatever the colour, in light and in dark', () => {
    fc.assert(
      fc.property(colour, (hex) => {
        const { light, dark } = palettes(hex)
        for (const [text, background] of [...pairs(light), ...pairs(dark)]) {
          expect(contrast(text, background), `${text} on ${background}, from ${hex}`).toBeGreaterThanOrEqual(
            4.5,
          )
        }
      }),
      {
        numRuns: 2000,
        examples: [['#000000'], ['#ffffff'], ['#808080'], ['#ffd400'], ['#7a1f5c'], ['#0a1f44'], ['#767676']],
      },
    )
  })

  it('keeps buttons visible on a dark card, even those of a navy brand', () => {
    fc.assert(
      fc.property(colour, (hex) => {
        expect(contrast(palettes(hex).dark.fill, '#262626')).toBeGreaterThanOrEqual(2.9)
      }),
      { examples: [['#000000'], ['#0a1f44']] },
    )
  })

  it('leaves a colour that suits as it is, and puts a dark text on a bright one', () => {
    expect(palettes('#7a1f5c').light).toMatchObject({ fill: '#7a1f5c', onFill: '#ffffff', ink: '#7a1f5c' })
    expect(palettes('#ffd400').light).toMatchObject({ fill: '#ffd400', onFill: '#1a1a1a' })
    expect(palettes('#ffd400').light.ink).not.toBe('#ffd400')
  })

  it('writes all of the palette in the sheet, the dark one for screens only', () => {
    const css = themeCss('#7a1f5c')
    const { light, dark } = palettes('#7a1f5c')
    const [forLight = '', forDark = ''] = css.split('@media screen and (prefers-color-scheme:dark)')
    for (const [sheet, palette] of [
      [forLight, light],
      [forDark, dark],
    ] as const) {
      expect(sheet).toContain(`--tblr-primary:${palette.fill};`)
      expect(sheet).toContain(`--tblr-primary-fg:${palette.onFill};`)
      expect(sheet).toContain(`--tblr-primary-darken:${palette.fillHover};`)
      expect(sheet).toContain(`--tblr-link-color:${palette.ink};`)
      expect(sheet).toContain(`--parvis-encre:${palette.ink};`)
      expect(sheet).toContain(`--parvis-teinte:${palette.tint}`)
    }
  })

  it('refuses anything that is not #rrggbb, so that nothing typed reaches the sheet', () => {
    const wrong = [
      '',
      '#fff',
      'red',
      '7a1f5c',
      '#7a1f5g',
      '#7a1f5c;}body{display:none',
      ' #7a1f5c',
      '#7a1f5c\n',
      '#7a1f5c00',
    ]
    for (const typed of wrong) expect(() => themeCss(typed), JSON.stringify(typed)).toThrow(RangeError)
    fc.assert(
      fc.property(fc.string(), (typed) => {
        fc.pre(!/^#[0-9a-f]{6}$/i.test(typed))
        expect(() => themeCss(typed)).toThrow(RangeError)
      }),
    )
  })

  it('changes its hash with the colour and not with its letters’ case', () => {
    expect(themeHash('#7a1f5c')).toMatch(/^[0-9a-f]{10}$/)
    expect(themeHash('#7A1F5C')).toBe(themeHash('#7a1f5c'))
    expect(themeHash('#7a1f5d')).not.toBe(themeHash('#7a1f5c'))
  })
})
