/*
 * What follows from sums: of a set of sums over unknown figures, which figures are determined. The lines of a table
 * may each leave two unknown, and one of them still follow from several lines taken together.
 */

/** Coefficients by unknown: their sum is a figure that anybody can compute. */
export type Sum<Unknown> = ReadonlyMap<Unknown, number>

/** The unknowns that the sums determine, by elimination (reduced row echelon form). Only rows that share an unknown meet. */
export function determined<Unknown>(sums: readonly Sum<Unknown>[]): Unknown[] {
  const rows = sums.map((sum) => new Map(sum))
  const holders = new Map<Unknown, Set<Map<Unknown, number>>>()
  for (const row of rows) for (const key of row.keys()) holdersOf(key).add(row)
  for (const row of rows) {
    const [pivot] = row
    if (!pivot) continue
    const [unknown, coefficient] = pivot
    for (const [key, n] of row) row.set(key, n / coefficient)
    for (const other of [...holdersOf(unknown)]) if (other !== row) subtract(other, row, other.get(unknown)!)
  }
  return rows.flatMap((row) => (row.size === 1 ? [...row.keys()] : []))

  function holdersOf(key: Unknown): Set<Map<Unknown, number>> {
    const known = holders.get(key) ?? new Set()
    holders.set(key, known)
    return known
  }

  function subtract(from: Map<Unknown, number>, row: Map<Unknown, number>, times: number): void {
    for (const [key, n] of row) {
      const rest = (from.get(key) ?? 0) - times * n
      if (Math.abs(rest) < NOTHING) {
        from.delete(key)
        holdersOf(key).delete(from)
      } else {
        from.set(key, rest)
        holdersOf(key).add(from)
      }
    }
  }
}

/** Coefficients are sums of a few ones: what is left of a subtraction that should be zero. */
const NOTHING = 1e-9
