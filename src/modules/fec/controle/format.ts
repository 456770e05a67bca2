/** What kind of file its first bytes tell: text that can be read line by line, or why not. */
export function autreFormat(tete: Buffer): string | undefined {
  if (tete.length === 0) return 'vide'
  const [a, b] = tete
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || nulsReguliers(tete)) return 'UTF-16'
  if (tete.subarray(0, 2).toString('latin1') === 'PK') return 'ZIP'
  if (/^(?:\xef\xbb\xbf)?\s*<\?xml/.test(tete.toString('latin1', 0, 64))) return 'XML'
  if (estEbcdic(tete)) return 'EBCDIC'
  return undefined
}

function nulsReguliers(tete: Buffer): boolean {
  let nuls = 0
  for (const byte of tete) if (byte === 0) nuls++
  return nuls > tete.length / 4
}

/** « Journal » in EBCDIC, code page 297 or 1147: D1 96 A4 99 95 81 93. */
const JOURNAL_EBCDIC = Buffer.from([0xd1, 0x96, 0xa4, 0x99, 0x95, 0x81, 0x93])

function estEbcdic(tete: Buffer): boolean {
  return tete.includes(JOURNAL_EBCDIC)
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf])

export function commenceParBom(tete: Buffer): boolean {
  return tete.subarray(0, 3).equals(BOM)
}

/** The mark between the fields, from the first line: tab when there are nine of them, else the one there is most of. */
export function separateurDe(premiere: Buffer): { octet: number; admis: boolean } {
  const count = (octet: number) => premiere.reduce((n, byte) => (byte === octet ? n + 1 : n), 0)
  const TAB = 0x09
  const PIPE = 0x7c
  if (count(TAB) >= 9) return { octet: TAB, admis: true }
  const rivals = [PIPE, TAB, 0x3b, 0x2c].map((octet) => ({ octet, n: count(octet) }))
  const best = rivals.reduce((x, y) => (y.n > x.n ? y : x))
  return { octet: best.octet, admis: (best.octet === PIPE || best.octet === TAB) && best.n >= 9 }
}
