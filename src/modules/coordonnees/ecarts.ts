/** A piece of a line; `ecart` when the other side does not have it. */
export interface Morceau {
  texte: string
  ecart: boolean
}

/**
 * The lines of two values, in pieces, with what differs marked on each side, word by word:
 * « 12 rue du Lavoir » and « 14 rue du Lavoir » differ by « 12 » and « 14 ».
 */
export function ecarts(avant: readonly string[], apres: readonly string[]): [Morceau[][], Morceau[][]] {
  const left: Morceau[][] = []
  const right: Morceau[][] = []
  for (let i = 0; i < Math.max(avant.length, apres.length); i++) {
    const [a, b] = ecartsDeLigne(avant[i], apres[i])
    if (avant[i] !== undefined) left.push(a)
    if (apres[i] !== undefined) right.push(b)
  }
  return [left, right]
}

function ecartsDeLigne(avant = '', apres = ''): [Morceau[], Morceau[]] {
  const a = words(avant)
  const b = words(apres)
  const kept = common(a, b)
  return [pieces(a, kept, 0), pieces(b, kept, 1)]
}

/** Words and the blanks between them, so that a line is its pieces joined. */
function words(line: string): string[] {
  return line.split(/(\s+)/).filter((part) => part !== '')
}

/** Pairs of positions of a longest common subsequence. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  const length = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number) => length[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i]![j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return pairs
}

function pieces(parts: readonly string[], kept: readonly [number, number][], side: 0 | 1): Morceau[] {
  const same = new Set(kept.map((pair) => pair[side]))
  const result: Morceau[] = []
  parts.forEach((texte, i) => {
    const ecart = !same.has(i)
    const last = result.at(-1)
    if (last?.ecart === ecart) last.texte += texte
    else result.push({ texte, ecart })
  })
  return result
}
