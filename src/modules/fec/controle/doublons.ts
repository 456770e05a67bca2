/**
 * Lines that stand twice in a file, by a fingerprint of 54 bits: 22 choose the place, 32 are kept. Ten million lines
 * take 64 MB, and one pair in a thousand such files would be taken for equal wrongly.
 */
export class Doublons {
  private readonly table: Uint32Array
  private readonly masque: number
  private readonly plein: number
  private nombre = 0
  /** True when the table was full before the end: later lines are compared with the first ones only. */
  incomplet = false

  /** @param octets size of the file; lines are taken to have sixty bytes. */
  constructor(octets: number) {
    let places = 1 << 12
    while (places < octets / 60 && places < 1 << 24) places *= 2
    this.table = new Uint32Array(places)
    this.masque = places - 1
    this.plein = Math.floor(places * 0.85)
  }

  /** Whether this line was there before. */
  vu(h1: number, h2: number): boolean {
    const tag = h2 === 0 ? 1 : h2
    let at = (h1 ^ (h1 >>> 13)) & this.masque
    for (;;) {
      const here = this.table[at]!
      if (here === tag) return true
      if (here === 0) break
      at = (at + 1) & this.masque
    }
    if (this.nombre >= this.plein) this.incomplet = true
    else {
      this.table[at] = tag
      this.nombre++
    }
    return false
  }
}
