import { contrast, mix } from '../theme.ts'

/* Colours of the papers, '#rrggbb'. Paper is white: what is printed in the brand is darkened until it is read on it. */

export const TEXT = '#1f2430'
/** 5.9:1 on white. */
export const MUTED = '#5b6676'
export const RULE = '#d8dde4'
export const PALE = '#f4f5f7'
export const WHITE = '#ffffff'

/** The brand, darkened until it is read as text on white (4.5:1). Throws a RangeError on what is no colour. */
export function ink(brand: string): string {
  let colour = brand
  while (contrast(colour, WHITE) < 4.5) colour = mix(colour, '#000000', 0.08)
  return colour
}

/** So much of a colour on white paper, from 0 to 1. */
export function tint(colour: string, part: number): string {
  return mix(WHITE, colour, part)
}
