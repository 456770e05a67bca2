import { existsSync, readFileSync } from 'node:fs'
import { create, type Font } from 'fontkit'

export type FontName = 'regular' | 'semibold'

/*
 * Parsed once for all the documents of a worker: parsing costs more than the rest of a page (see fonts/README.md).
 * pdfkit makes a subset of its own for each document from them.
 */
const parsed = new Map<FontName, Font>()

/** A font that pdfkit can embed, with what French papers print. */
export function fontOf(name: FontName): Font {
  let font = parsed.get(name)
  if (!font) {
    font = create(readFileSync(fontFile(`inter-${name}.ttf`))) as Font
    parsed.set(name, font)
  }
  return font
}

/** Words kept for each font: those that all papers share, and a good many names. */
const WORDS = 5_000
const layouts = new Map<FontName, Record<string, unknown>>()

/**
 * The words that pdfkit has already laid out with a font, for all documents: kerning the same words in each took a third
 * of the time of a page. It is pdfkit's own cache (0.20), which lives as long as a document unless it is given this one.
 */
export function layoutsOf(name: FontName): Record<string, unknown> {
  let cache = layouts.get(name)
  if (!cache || Object.keys(cache).length > WORDS) {
    cache = Object.create(null) as Record<string, unknown>
    layouts.set(name, cache)
  }
  return cache
}

/** tsc copies no font: compiled code finds them in the source tree that it was built from, above it. */
function fontFile(name: string): URL {
  const beside = new URL(`./fonts/${name}`, import.meta.url)
  if (existsSync(beside)) return beside
  for (let above = new URL('../', import.meta.url); ; above = new URL('../', above)) {
    const file = new URL(`src/kernel/pdf/fonts/${name}`, above)
    if (existsSync(file)) return file
    if (above.pathname === '/' || above.href === new URL('../', above).href)
      throw new Error(`font not found: ${name}`)
  }
}

/**
 * Text with only what the font holds, because a missing glyph prints an empty box and breaks PDF/A. Accents are composed,
 * invisible characters go, another script's letter becomes its Latin base or a question mark. Line feeds stay, and the
 * spaces that French never breaks are made unbreakable.
 */
export function printable(text: string): string {
  const composed = text.normalize('NFC').replace(BEFORE, '\u00a0$1').replace(AFTER, '$1\u00a0')
  if (!SUSPECT.test(composed)) return composed
  return [...composed].map(printableCharacter).join('')
}

/** French spaces that must not break: before high punctuation and units, after « and n°. */
const BEFORE = / ([:;!?»€%])/g
const AFTER = /(«|n°|N°) /g

/** Anything beyond what the files surely hold. */
const SUSPECT =
  /[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u2018\u2019\u2026\u202f\u20ac\u2212\u2013\u2014]/u

function printableCharacter(character: string): string {
  if (character === '\n') return character
  if (/[\t\r]/.test(character)) return ' '
  if (/[\p{C}\u00ad]/u.test(character)) return ''
  const { hasGlyphForCodePoint } = HAS
  if (hasGlyphForCodePoint(character)) return character
  const base = character.normalize('NFKD').replace(/\p{M}/gu, '')
  return base !== '' && [...base].every(hasGlyphForCodePoint) ? base : '?'
}

const HAS = {
  hasGlyphForCodePoint: (character: string) =>
    fontOf('regular').hasGlyphForCodePoint(character.codePointAt(0) ?? 0),
}
