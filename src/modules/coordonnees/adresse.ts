/*
 * Postal addresses as La Poste reads them, NF Z10-011: at most 6 lines of 38 characters, none blank, the last one
 * « CODE POSTAL COMMUNE » in capitals without accents or punctuation. The lines above are kept as people write them.
 */

export const LIGNE_MAX = 38
/** Lines above the one of the commune. */
export const LIGNES_MAX = 5

/** A line as it is printed on an envelope: « L’Union » → « L UNION ». */
export function lignePostale(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .replace(/œ/gi, 'OE')
    .replace(/æ/gi, 'AE')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()
}

/** The lines that somebody typed in one box: trimmed, blanks single, empty ones gone. */
export function lignesSaisies(text: string): string[] {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
}

/** What is wrong with the lines above the commune, as a sentence, or null. */
export function fauteDesLignes(lines: readonly string[]): string | null {
  if (lines.length === 0) return 'Indiquez au moins le numéro et la voie.'
  if (lines.length > LIGNES_MAX) {
    return `L’adresse compte ${lines.length} lignes au-dessus de la commune\u00a0: ${LIGNES_MAX} au plus tiennent sur une enveloppe.`
  }
  const long = lines.findIndex((line) => line.length > LIGNE_MAX)
  if (long < 0) return null
  const length = lines[long]?.length ?? 0
  return `La ligne ${long + 1} compte ${length} caractères\u00a0: ${LIGNE_MAX} au plus tiennent sur une enveloppe. Coupez-la en deux lignes.`
}

/** Splits a stored address: its free lines, the code and the commune of its last line. */
export function decoupe(address: readonly string[]): {
  lignes: string[]
  codePostal: string
  commune: string
} {
  const last = /^(\d{5}) (.+)$/.exec(address.at(-1) ?? '')
  if (!last) return { lignes: [...address], codePostal: '', commune: '' }
  return { lignes: address.slice(0, -1), codePostal: last[1] ?? '', commune: last[2] ?? '' }
}
