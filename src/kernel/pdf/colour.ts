/** A colour as '#rrggbb'. Any other text is refused with a RangeError: a colour comes from an organisme's settings. */
export type Hex = string

export const TEXT: Hex = '#1f2430'
/** 5.9:1 on white. */
export const MUTED: Hex = '#5b6676'
export const RULE: Hex = '#d8dde4'
export const PALE: Hex = '#f4f5f7'

type Rgb = [number, number, number]

function rgb(hex: Hex): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (!match) throw new RangeError(`not a colour: ${hex}`)
  return [parseInt(match[1] ?? '', 16), parseInt(match[2] ?? '', 16), parseInt(match[3] ?? '', 16)]
}

function hex(colour: Rgb): Hex {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

/** `part` of the first colour, from 0 to 1, and the rest of the second. */
export function mix(first: Hex, second: Hex, part: number): Hex {
  const [a, b] = [rgb(first), rgb(second)]
  return hex([0, 1, 2].map((i) => (a[i] ?? 0) * part + (b[i] ?? 0) * (1 - part)) as Rgb)
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: Hex): number {
  const [r, g, b] = rgb(colour).map((part) => {
    const c = part / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast of a colour on white paper, 1 to 21. */
export function contrastOnWhite(colour: Hex): number {
  return 1.05 / (luminance(colour) + 0.05)
}

/** The brand, darkened until it is read as text on white (4.5:1), whatever the organisme chose. */
export function ink(brand: Hex): Hex {
  let colour = hex(rgb(brand))
  while (contrastOnWhite(colour) < 4.5) colour = mix(colour, '#000000', 0.92)
  return colour
}
