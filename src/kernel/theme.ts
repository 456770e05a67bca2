import { createHash } from 'node:crypto'

/*
 * An organisme chooses one colour; every text that it colours must stay readable (WCAG 2.2, 1.4.3: 4.5:1),
 * whatever the colour, in light and in dark. So the colour itself is only used as the fill of what can be acted
 * upon, with a text chosen for it, and is darkened or lightened into an « ink » wherever it colours a text.
 */

type Rgb = readonly [number, number, number]

const WHITE = '#ffffff'
const BLACK = '#000000'
const DARK_TEXT = '#1a1a1a'
/** Backgrounds of Tabler's gray-50, gray-800 and gray-900, on which texts of the ink stand. */
const LIGHT_PAGE = '#fafafa'
const DARK_CARD = '#262626'
const DARK_PAGE = '#171717'

const TEXT_CONTRAST = 4.5
/** WCAG 1.4.11, of a shape against what surrounds it. */
const SHAPE_CONTRAST = 3

function parse(hex: string): Rgb {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new RangeError(`not a colour #rrggbb: ${hex}`)
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16)) as unknown as Rgb
}

function format(rgb: Rgb): string {
  return `#${rgb.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`
}

/** `part` of `to` (0 to 1) in `from`, channel by channel. */
export function mix(from: string, to: string, part: number): string {
  const end = parse(to)
  return format(parse(from).map((channel, i) => channel + ((end[i] ?? 0) - channel) * part) as unknown as Rgb)
}

function luminance(hex: string): number {
  const [red, green, blue] = parse(hex).map((channel) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2 definition). Throws a RangeError on anything else. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** Moves a colour towards another by small steps until the test holds. */
function until(colour: string, towards: string, holds: (colour: string) => boolean): string {
  for (let part = 0; part <= 1; part += 0.02) {
    const moved = mix(colour, towards, part)
    if (holds(moved)) return moved
  }
  return towards
}

export interface Palette {
  /** Background of buttons, ticked boxes and counts; `onFill` is its text, `fillHover` its background under the mouse. */
  fill: string
  fillHover: string
  onFill: string
  /** Links and outlined buttons, on every background of the page and on `tint`. */
  ink: string
  inkHover: string
  /** Background of the current menu entry. */
  tint: string
  surfaces: readonly string[]
}

function textOn(fill: string): string {
  return contrast(fill, WHITE) >= contrast(fill, DARK_TEXT) ? WHITE : DARK_TEXT
}

function filled(colour: string): Pick<Palette, 'fill' | 'fillHover' | 'onFill'> {
  // Between the two texts lie mid-greys that suit neither: those are darkened for the white one.
  const best = textOn(colour)
  const onFill = contrast(colour, best) >= TEXT_CONTRAST ? best : WHITE
  const fill = until(colour, BLACK, (moved) => contrast(moved, onFill) >= TEXT_CONTRAST)
  const fillHover = onFill === WHITE ? mix(fill, BLACK, 0.16) : mix(fill, WHITE, 0.25)
  return { fill, fillHover, onFill }
}

/** The colours of one organisme in light and in dark. Throws a RangeError unless `hex` is `#rrggbb`. */
export function palettes(hex: string): { light: Palette; dark: Palette } {
  const brand = format(parse(hex))
  const readable = (surfaces: readonly string[]) => (ink: string) =>
    surfaces.every((surface) => contrast(ink, surface) >= TEXT_CONTRAST)

  const lightSurfaces = [WHITE, LIGHT_PAGE, mix(WHITE, brand, 0.08)]
  const ink = until(brand, BLACK, readable(lightSurfaces))
  const light: Palette = {
    ...filled(brand),
    ink,
    inkHover: mix(ink, BLACK, 0.25),
    tint: lightSurfaces[2] ?? WHITE,
    surfaces: lightSurfaces,
  }

  const darkSurfaces = [DARK_CARD, DARK_PAGE, mix(DARK_CARD, brand, 0.16)]
  const darkInk = until(brand, WHITE, readable(darkSurfaces))
  const visible = until(brand, WHITE, (moved) => contrast(moved, DARK_CARD) >= SHAPE_CONTRAST)
  const dark: Palette = {
    ...filled(visible),
    ink: darkInk,
    inkHover: mix(darkInk, WHITE, 0.35),
    tint: darkSurfaces[2] ?? DARK_CARD,
    surfaces: darkSurfaces,
  }
  return { light, dark }
}

function variables(palette: Palette): string {
  return [
    `--tblr-primary:${palette.fill}`,
    `--tblr-primary-rgb:${parse(palette.fill).join(',')}`,
    `--tblr-primary-fg:${palette.onFill}`,
    `--tblr-primary-darken:${palette.fillHover}`,
    `--tblr-link-color:${palette.ink}`,
    `--tblr-link-hover-color:${palette.inkHover}`,
    `--parvis-encre:${palette.ink}`,
    `--parvis-teinte:${palette.tint}`,
  ].join(';')
}

interface Sheet {
  css: string
  hash: string
}

/** Every page names the hash of its organisme's sheet, so a colour is computed once. */
const sheets = new Map<string, Sheet>()

function sheet(hex: string): Sheet {
  let known = sheets.get(hex)
  if (!known) {
    const { light, dark } = palettes(hex)
    const css = `:root{${variables(light)}}\n@media screen and (prefers-color-scheme:dark){:root{${variables(dark)}}}\n`
    known = { css, hash: createHash('sha256').update(css).digest('hex').slice(0, 10) }
    if (sheets.size >= 1000) sheets.clear()
    sheets.set(hex, known)
  }
  return known
}

/**
 * Style sheet of an organisme's colour: variables of Tabler and our own, for light and dark.
 * Takes `#rrggbb`; throws a RangeError on anything else, so that nothing typed can reach the sheet.
 */
export function themeCss(hex: string): string {
  return sheet(hex).css
}

/** Ten hexadecimal digits that change with the sheet: the `?v=` of its address. Throws as themeCss does. */
export function themeHash(hex: string): string {
  return sheet(hex).hash
}
