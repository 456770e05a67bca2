import type { Publiee, Recue } from './statistique.ts'

/*
 * Statistical secret (rule of Insee for businesses): a cell is hidden under 3 businesses, or when one holds more than
 * 85 % of it. A hidden cell must not be found again by taking the others from a total that is shown: others are then
 * hidden with it (secondary suppression).
 */

const FEWEST = 3
const LARGEST_PART = 85
/** Below, a figure is true but not significant: « n.s. ». */
const SIGNIFICANT = 10

interface Cell {
  row: Recue
  hidden: boolean
}

/** Hidden by what it holds itself. A part that nobody has told counts as too large. */
export function isSecret({ effectif, part_max }: Pick<Recue, 'effectif' | 'part_max'>): boolean {
  return effectif < FEWEST || part_max === null || part_max > LARGEST_PART
}

/** What may be shown of these rows; they must hold whole tables (every territory and band of their professions). */
export function publish(rows: readonly Recue[]): Publiee[] {
  const tables = new Map<string, Cell[]>()
  for (const row of rows) {
    const key = [row.profession, row.categorie, row.annee, row.poste].join('\u0001')
    const cell = { row, hidden: isSecret(row) }
    const table = tables.get(key)
    if (table) table.push(cell)
    else tables.set(key, [cell])
  }
  return [...tables.values()].flatMap((table) => {
    protect(table)
    return table.map(published)
  })
}

/** Hides more until nothing hidden follows from a total: by territory within a band, by band within a territory. */
function protect(table: Cell[]): void {
  const lines = [...linesOf(table, 'tranche', 'region'), ...linesOf(table, 'region', 'tranche')]
  for (let changed = true; changed;) {
    changed = false
    for (const line of lines) changed = protectLine(line) || changed
  }
}

interface Line {
  total: Cell
  parts: Cell[]
}

/** The lines of a table that have a total: same `fixed`, every value of `along`. */
function linesOf(table: Cell[], fixed: 'region' | 'tranche', along: 'region' | 'tranche'): Line[] {
  const lines = new Map<string, { total?: Cell; parts: Cell[] }>()
  for (const cell of table) {
    const line = lines.get(cell.row[fixed]) ?? { parts: [] }
    lines.set(cell.row[fixed], line)
    if (cell.row[along] === '') line.total = cell
    else line.parts.push(cell)
  }
  return [...lines.values()].flatMap(({ total, parts }) =>
    total && parts.length > 0 ? [{ total, parts }] : [],
  )
}

function protectLine({ total, parts }: Line): boolean {
  if (total.hidden || isNotSignificant(total) || !parts.some(({ hidden }) => hidden)) return false
  const unknown = parts.filter((cell) => cell.hidden || isNotSignificant(cell))
  const businesses = unknown.reduce((sum, { row }) => sum + row.effectif, 0)
  // What parts do not cover is unknown too: a business of a territory that the file leaves out.
  const covered = parts.reduce((sum, { row }) => sum + row.effectif, 0)
  const outside = Math.max(0, total.row.effectif - covered)
  if (unknown.length + (outside > 0 ? 1 : 0) >= 2 && businesses + outside >= FEWEST) return false
  const next = parts
    .filter((cell) => !unknown.includes(cell))
    .sort((a, b) => a.row.effectif - b.row.effectif || compare(a.row, b.row))[0]
  const hide = next ?? total
  hide.hidden = true
  return true
}

/** The same rows in another order must hide the same cells. */
function compare(a: Recue, b: Recue): number {
  return a.region.localeCompare(b.region, 'fr') || a.tranche.localeCompare(b.tranche, 'fr')
}

function isNotSignificant({ row }: Cell): boolean {
  return row.effectif < SIGNIFICANT
}

function published({ row, hidden }: Cell): Publiee {
  const { part_max: _, ...shown } = row
  const diffusion = hidden ? 'secret' : row.effectif < SIGNIFICANT ? 'non_significatif' : 'diffusable'
  return diffusion === 'diffusable'
    ? { ...shown, diffusion }
    : { ...shown, diffusion, moyenne: null, q1: null, mediane: null, q3: null }
}
