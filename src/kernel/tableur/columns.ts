import { fold } from './values.ts'

/**
 * Which column is which, by the words of the header: `names` gives for each thing the titles under which people put it, the
 * best first. A title is taken when it is the same but for accents, case and signs; a column serves once.
 */
export function columnsOf<Key extends string>(
  header: readonly string[],
  names: Record<Key, readonly string[]>,
): Partial<Record<Key, number>> {
  const titles = header.map(fold)
  const found: Partial<Record<Key, number>> = {}
  const taken = new Set<number>()
  for (const key of Object.keys(names) as Key[]) {
    for (const name of names[key]) {
      const at = titles.findIndex((title, column) => title === fold(name) && !taken.has(column))
      if (at < 0) continue
      found[key] = at
      taken.add(at)
      break
    }
  }
  return found
}
