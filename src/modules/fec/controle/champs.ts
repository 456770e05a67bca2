/* The fields of one line, as places in its bytes: no string is made, and the same arrays serve for every line. */

const MAX = 256
export const debuts: Int32Array = new Int32Array(MAX)
export const fins: Int32Array = new Int32Array(MAX)

/** What the last call of `decouper` found. */
export const ligne = {
  /** Number of fields. */
  nombre: 0,
  /** Whether a byte is outside ASCII. */
  haute: false,
  /** Two hashes of the whole line. */
  h1: 0,
  h2: 0,
}

const BLANC = 0x20

/** Finds the fields between the separators, blanks around each left out, as the DGFiP's tool does. */
export function decouper(buf: Buffer, debut: number, fin: number, separateur: number): void {
  let n = 0
  let depuis = debut
  let or = 0
  let h1 = 0x811c9dc5
  let h2 = 0x9e3779b9
  for (let i = debut; i < fin; i++) {
    const c = buf[i]!
    or |= c
    h1 = Math.imul(h1 ^ c, 0x01000193)
    h2 = (h2 << 5) - h2 + c
    if (c === separateur) {
      if (n < MAX) poser(buf, n, depuis, i)
      n++
      depuis = i + 1
    }
  }
  if (n < MAX) poser(buf, n, depuis, fin)
  ligne.nombre = n + 1
  ligne.haute = (or & 0x80) !== 0
  ligne.h1 = h1 >>> 0
  ligne.h2 = Math.imul(h2 ^ (h2 >>> 15), 0x2c1b3c6d) >>> 0
}

function poser(buf: Buffer, n: number, depuis: number, jusque: number): void {
  let s = depuis
  let e = jusque
  while (s < e && buf[s] === BLANC) s++
  while (e > s && buf[e - 1] === BLANC) e--
  debuts[n] = s
  fins[n] = e
}

/** Whether these bytes are well-formed UTF-8 (RFC 3629, without the rare over-long forms of four bytes). */
export function estUtf8(buf: Buffer, debut: number, fin: number): boolean {
  for (let i = debut; i < fin; i++) {
    const c = buf[i]!
    if (c < 0x80) continue
    const suite = c >= 0xf0 && c <= 0xf4 ? 3 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xc2 && c < 0xe0 ? 1 : 0
    if (suite === 0 || i + suite >= fin) return false
    for (let k = 1; k <= suite; k++) if ((buf[i + k]! & 0xc0) !== 0x80) return false
    i += suite
  }
  return true
}

/** Whether a byte is one that ISO 8859-15 keeps for controls and Windows-1252 for signs (0x80 to 0x9F). */
export function aDes1252(buf: Buffer, debut: number, fin: number): boolean {
  for (let i = debut; i < fin; i++) if (buf[i]! >= 0x80 && buf[i]! < 0xa0) return true
  return false
}

const LATIN9 = new TextDecoder('iso-8859-15')

/** The text of some bytes, whichever of the two encodings they are in; cut to `max` characters. */
export function texteDe(buf: Buffer, debut: number, fin: number, max = 60): string {
  const bytes = buf.subarray(debut, Math.min(fin, debut + 4 * max))
  const text = estUtf8(buf, debut, fin) ? bytes.toString('utf8') : LATIN9.decode(bytes)
  return text.length > max ? `${text.slice(0, max)}…` : text
}
