/** A piece of a line; `ecart` when the other side does not have it. */
export interface Morceau {
  texte: string
  ecart: boolean
}

/**
 * The lines of two values, in pieces, with what differs marked on each side. Lines that both sides have are
 * recognised wherever they stand; the others are compared word by word, in their order:
 * « 12 rue du Lavoir » and « 14 rue du Lavoir » differ by « 12 » and « 14 ».
 */
export function ecarts(avant: readonly string[], apres: readonly string[]): [Morceau[][], Morceau[][]] {
  const left: Morceau[][] = []
  const right: Morceau[][] = []
  let [i, j] = [0, 0]
  for (const [a, b] of [...common(avant, apres), [avant.length, apres.length] as const]) {
    compare(avant.slice(i, a), apres.slice(j, b))
    const same = avant[a]
    if (same !== undefined) {
      left.push([{ texte: same, ecart: false }])
      right.push([{ texte: same, ecart: false }])
    }
    ;[i, j] = [a + 1, b + 1]
  }
  return [left, right]

  function compare(before: readonly string[], after: readonly string[]): void {
    for (let k = 0; k < Math.max(before.length, after.length); k++) {
      const [one, two] = ecartsDeLigne(before[k], after[k])
      if (before[k] !== undefined) left.push(one)
      if (after[k] !== undefined) right.push(two)
    }
  }
}

function ecartsDeLigne(avant = '', apres = ''): [Morceau[], Morceau[]] {
  const a = words(avant)
  const b = words(apres)
  const kept = common(a, b).filter(([at]) => (a[at] ?? '').trim() !== '')
  return [pieces(a, new Set(kept.map((pair) => pair[0]))), pieces(b, new Set(kept.map((pair) => pair[1])))]
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

/** A blank is marked when it stands between two words that are. */
function pieces(parts: readonly string[], same: ReadonlySet<number>): Morceau[] {
  const result: Morceau[] = []
  parts.forEach((texte, i) => {
    const blank = texte.trim() === ''
    const ecart = blank ? differs(i - 1) && differs(i + 1) : differs(i)
    const last = result.at(-1)
    if (last?.ecart === ecart) last.texte += texte
    else result.push({ texte, ecart })
  })
  return result

  function differs(at: number): boolean {
    return parts[at] !== undefined && !same.has(at)
  }
}
