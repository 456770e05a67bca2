import { type Sum, determined } from './deduction.ts'
import { POSTES, type Publiee, type Recue } from './statistique.ts'

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
    changed ||= protectTogether(lines)
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

function protectLine(line: Line): boolean {
  const { total, parts } = line
  const unknown = parts.filter(isUnknown)
  const outside = outsideOf(line)
  const others = unknown.length + (outside > 0 ? 1 : 0)
  if (isUnknown(total)) {
    // A total that is hidden with others follows from its own parts, when all of them are shown.
    if (!total.hidden || others > 0) return false
  } else {
    if (!unknown.some(({ hidden }) => hidden)) return false
    const businesses = unknown.reduce((sum, { row }) => sum + row.effectif, outside)
    if (others >= 2 && businesses >= FEWEST && !isDominated(line, unknown)) return false
  }
  const next = smallest(parts) ?? (isUnknown(total) ? undefined : total)
  if (next) next.hidden = true
  return next !== undefined
}

/** A figure hidden by what it holds that follows from several lines at once: one more beside it is hidden. */
function protectTogether(lines: readonly Line[]): boolean {
  const found = determined(lines.map(sumOf)).find((cell) => 'row' in cell && isSecret(cell.row))
  if (!found || !('row' in found)) return false
  const beside = lines.filter(({ total, parts }) => total === found || parts.includes(found))
  const next =
    smallest(beside.flatMap(({ parts }) => parts)) ??
    smallest(lines.flatMap(({ total, parts }) => [...parts, total]))
  if (next) next.hidden = true
  return next !== undefined
}

/** A line as anybody reads it: its unknown parts, less its total when that is unknown, are a figure. */
function sumOf(line: Line): Sum<Cell | Line> {
  const sum = new Map<Cell | Line, number>(line.parts.filter(isUnknown).map((cell) => [cell, 1]))
  if (isUnknown(line.total)) sum.set(line.total, -1)
  if (outsideOf(line) > 0) sum.set(line, 1)
  return sum
}

/** What parts do not cover is unknown too: a business of a territory that the file leaves out. */
function outsideOf({ total, parts }: Line): number {
  return Math.max(0, total.row.effectif - parts.reduce((sum, { row }) => sum + row.effectif, 0))
}

/**
 * Whether one business holds too much of all that is unknown of a line, which follows from its total: it would be told
 * almost exactly. Of figures that may be negative nobody holds a part.
 */
function isDominated(line: Line, unknown: readonly Cell[]): boolean {
  const { total, parts } = line
  const amounts = [total, ...parts].flatMap((cell) => amountOf(cell) ?? [])
  if (POSTES[total.row.poste].unite !== 'euros' || amounts.some((amount) => amount < 0)) return false
  const shown = parts.filter((cell) => !unknown.includes(cell))
  const sum = shown.reduce((rest, cell) => rest - (amountOf(cell) ?? 0), amountOf(total) ?? 0)
  const told = unknown.filter((cell) => amountOf(cell) !== undefined)
  const largest = told.map((cell) => (amountOf(cell)! * (cell.row.part_max ?? 100)) / 100)
  // Cells that came without figures hold what is left.
  if (told.length < unknown.length && outsideOf(line) === 0)
    largest.push(told.reduce((rest, cell) => rest - amountOf(cell)!, sum))
  return sum > 0 && Math.max(...largest) > (sum * LARGEST_PART) / 100
}

function amountOf({ row }: Cell): number | undefined {
  return row.moyenne === null ? undefined : row.moyenne * row.effectif
}

/** The cell that costs least to hide. */
function smallest(cells: readonly Cell[]): Cell | undefined {
  return cells
    .filter((cell) => !isUnknown(cell) && cell.row.effectif > 0)
    .sort((a, b) => a.row.effectif - b.row.effectif || compare(a.row, b.row))[0]
}

/** Not told by its own line. A cell without any business is zero, whatever is written in it. */
function isUnknown({ row, hidden }: Cell): boolean {
  return row.effectif > 0 && (hidden || row.effectif < SIGNIFICANT)
}

/** The same rows in another order must hide the same cells. */
function compare(a: Recue, b: Recue): number {
  return a.region.localeCompare(b.region, 'fr') || a.tranche.localeCompare(b.tranche, 'fr')
}

function published({ row, hidden }: Cell): Publiee {
  const { part_max: _, ...shown } = row
  const diffusion = hidden ? 'secret' : row.effectif < SIGNIFICANT ? 'non_significatif' : 'diffusable'
  return diffusion === 'diffusable'
    ? { ...shown, diffusion }
    : { ...shown, diffusion, moyenne: null, q1: null, mediane: null, q3: null }
}
