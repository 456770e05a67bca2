/** A page in parts: text that stays, and values read from the rows of the statements by a path. */
export type Piece = string | { path: (string | number)[] }

/** Shorter values also stand where they are not a value. */
const SHORTEST = 4

/** Cuts a page at every place where a value of these rows stands, the longest first. */
export function cut(html: string, rows: unknown[][]): Piece[] {
  const values = new Map<string, (string | number)[]>()
  collect(rows, [], values)
  const places: { at: number; end: number; path: (string | number)[] }[] = []
  const taken = new Uint8Array(html.length)
  for (const [value, path] of [...values].sort((a, b) => b[0].length - a[0].length)) {
    const text = escape(value)
    for (let at = html.indexOf(text); at >= 0; at = html.indexOf(text, at + text.length)) {
      if (taken.subarray(at, at + text.length).includes(1)) continue
      taken.fill(1, at, at + text.length)
      places.push({ at, end: at + text.length, path })
    }
  }
  places.sort((a, b) => a.at - b.at)
  const pieces: Piece[] = []
  let from = 0
  for (const { at, end, path } of places) {
    pieces.push(html.slice(from, at), { path })
    from = end
  }
  return [...pieces, html.slice(from)]
}

function collect(node: unknown, path: (string | number)[], found: Map<string, (string | number)[]>): void {
  if (typeof node === 'string') {
    if (node.length >= SHORTEST && !found.has(node)) found.set(node, path)
  } else if (Array.isArray(node)) {
    node.forEach((item, i) => collect(item, [...path, i], found))
  } else if (node !== null && typeof node === 'object' && !Buffer.isBuffer(node)) {
    for (const [key, value] of Object.entries(node)) collect(value, [...path, key], found)
  }
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
  '<': '&lt;',
  '>': '&gt;',
  '\\': '&#92;',
}

/** As the views escape. */
export function escape(text: string): string {
  return /[&"'<>\\]/.test(text) ? text.replace(/[&"'<>\\]/g, (c) => ENTITIES[c]!) : text
}

/** Puts the page together again, from fresh rows. */
export function paste(pieces: readonly Piece[]): (rows: unknown[][]) => string {
  const getters = pieces.map((piece) =>
    typeof piece === 'string'
      ? piece
      : // Straight member access, as a person would write it; the keys are those of our own rows.
        // eslint-disable-next-line @typescript-eslint/no-implied-eval
        (new Function(
          'rows',
          `return rows${piece.path.map((key) => `[${JSON.stringify(key)}]`).join('')}`,
        ) as (rows: unknown[][]) => string),
  )
  return (rows) => {
    let html = ''
    for (const get of getters) html += typeof get === 'string' ? get : escape(get(rows))
    return html
  }
}
