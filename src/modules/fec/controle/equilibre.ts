import { DEMI_CENTIME } from './octets.ts'

/** Entries out of balance at one moment that are kept by name: 20 MB at most. */
const ATTENTE_MAX = 100_000
const CASES = 1 << 19

export interface Ecart {
  cle: string
  /** First line of the entry. */
  ligne: number
  /** Debit less credit, in ten-thousandths. */
  ecart: number
}

/**
 * Which entries do not balance, in bounded memory, in whatever order their lines stand. Lines that follow each other
 * come as one part; a part that balances adds nothing, so only entries that are out of balance *now* are kept by name.
 * A file sorted by account leaves them all so until its end: beyond the limit the differences are added up in two
 * tables of half a million places, each entry at two places told by two hashes. At the end an entry with a zero in one
 * of its places balances; the others are summed by name in a second reading of the file.
 */
export class Equilibre {
  private attente: Map<string, { ecart: number; ligne: number }> | undefined = new Map()
  private a: Float64Array | undefined
  private b: Float64Array | undefined
  /** Set by the second reading. */
  private relus: Map<string, { ecart: number; ligne: number }> | undefined
  incomplet = false

  ajouter(cle: string, ecart: number, ligne: number): void {
    if (ecart === 0) return
    if (this.relus) return this.relire(cle, ecart, ligne)
    if (!this.attente) return this.noter(cle, ecart)
    const known = this.attente.get(cle)
    if (!known) {
      this.attente.set(cle, { ecart, ligne })
      if (this.attente.size > ATTENTE_MAX) this.deborder()
    } else {
      known.ecart += ecart
      if (known.ecart === 0) this.attente.delete(cle)
    }
  }

  /** True when the file must be read a second time, after `commencerRelecture`. */
  aRelire(): boolean {
    return this.a !== undefined && this.a.some((ecart) => Math.abs(ecart) >= DEMI_CENTIME)
  }

  commencerRelecture(): void {
    this.relus = new Map()
  }

  ecarts(): Ecart[] {
    const list: Ecart[] = []
    for (const [cle, { ecart, ligne }] of this.relus ?? this.attente ?? []) {
      if (Math.abs(ecart) >= DEMI_CENTIME) list.push({ cle, ecart, ligne })
    }
    return list.sort((x, y) => x.ligne - y.ligne)
  }

  private deborder(): void {
    this.a = new Float64Array(CASES)
    this.b = new Float64Array(CASES)
    for (const [cle, { ecart }] of this.attente ?? []) this.noter(cle, ecart)
    this.attente = undefined
  }

  private noter(cle: string, ecart: number): void {
    const [x, y] = places(cle)
    this.a![x]! += ecart
    this.b![y]! += ecart
  }

  private relire(cle: string, ecart: number, ligne: number): void {
    const known = this.relus!.get(cle)
    if (known) {
      known.ecart += ecart
      return
    }
    const [x, y] = places(cle)
    if (Math.abs(this.a![x]!) < DEMI_CENTIME || Math.abs(this.b![y]!) < DEMI_CENTIME) return
    if (this.relus!.size >= ATTENTE_MAX) this.incomplet = true
    else this.relus!.set(cle, { ecart, ligne })
  }
}

function places(cle: string): [number, number] {
  let x = 0x811c9dc5
  let y = 0x9e3779b9
  for (let i = 0; i < cle.length; i++) {
    const c = cle.charCodeAt(i)
    x = Math.imul(x ^ c, 0x01000193)
    y = Math.imul(y ^ c, 0x85ebca6b)
    y ^= y >>> 13
  }
  return [(x ^ (x >>> 15)) & (CASES - 1), (y ^ (y >>> 16)) & (CASES - 1)]
}
