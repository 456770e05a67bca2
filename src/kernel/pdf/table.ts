import { MUTED, PALE, RULE } from './colour.ts'
import type { Paper, Style } from './paper.ts'

export interface Column {
  titre: string
  /** Points; the columns without one share what is left. */
  width?: number
  /** Numbers go right, where their tabular digits stand in columns. */
  align?: 'left' | 'right'
}

export interface Row {
  cells: string[]
  /** A total: bolder, with a line above. */
  total?: boolean
}

const HEAD: Style = { size: 7.5, font: 'semibold', colour: MUTED }
const STEP = 12
const PAD = { x: 4, y: 3.5 }

/**
 * A table with a head, whose first column names its rows. Long cells wrap; a row is never cut; the head comes again on
 * each page, for the eye only.
 */
export function table(paper: Paper, columns: Column[], rows: Row[], options: { dense?: boolean } = {}): void {
  const size = options.dense ? 8 : 8.5
  const widths = share(columns, paper.width)
  paper.need(80)
  paper.within('Table', () => {
    paper.within('THead', () => head(paper, columns, widths, true))
    paper.within('TBody', () => {
      for (const row of rows) drawRow(paper, row, columns, widths, { size })
    })
  })
  paper.y += 14
}

function share(columns: Column[], total: number): number[] {
  const fixed = columns.reduce((sum, column) => sum + (column.width ?? 0), 0)
  const free = columns.filter((column) => column.width === undefined).length
  return columns.map((column) => column.width ?? (total - fixed) / free)
}

interface Cell {
  lines: string[]
  x: number
  width: number
  align: 'left' | 'right'
}

/** Wraps the cells of a row; the outer ones line up with the text of the page. */
function layout(paper: Paper, texts: string[], columns: Column[], widths: number[], style: Style): Cell[] {
  let x = paper.left
  return texts.map((text, i) => {
    const align = columns[i]?.align ?? 'left'
    const full = widths[i] ?? 0
    const cell = { x: x + PAD.x, width: full - 2 * PAD.x, align, lines: [] as string[] }
    cell.lines = paper.wrap(text, cell.width, style)
    x += full
    return cell
  })
}

function height(cells: Cell[]): number {
  return Math.max(1, ...cells.map((cell) => cell.lines.length)) * STEP + 2 * PAD.y
}

function head(paper: Paper, columns: Column[], widths: number[], tagged: boolean): void {
  const texts = columns.map((column) => column.titre)
  const cells = layout(paper, texts, columns, widths, HEAD)
  const tall = height(cells)
  const { y } = paper
  paper.artifact(() => paper.doc.rect(paper.left, y, paper.width, tall).fill(PALE))
  const draw = (cell: Cell) => {
    const down = y + tall - PAD.y - cell.lines.length * STEP + 1.5
    for (const [i, line] of cell.lines.entries()) {
      paper.text(line, cell.x, down + i * STEP, { ...HEAD, align: cell.align }, cell.width)
    }
  }
  if (tagged) {
    paper.within('TR', () => {
      for (const cell of cells) paper.tag('TH', () => draw(cell), { scope: 'Column' })
    })
  } else {
    paper.artifact(() => cells.forEach(draw))
  }
  paper.y = y + tall
}

function drawRow(paper: Paper, row: Row, columns: Column[], widths: number[], body: Style): void {
  const style: Style = row.total ? { ...body, font: 'semibold' } : body
  const cells = layout(paper, row.cells, columns, widths, style)
  const tall = height(cells)
  if (paper.y + tall > paper.bottom) {
    paper.newPage()
    head(paper, columns, widths, false)
  }
  const { y } = paper
  paper.within('TR', () => {
    for (const [index, cell] of cells.entries()) {
      const draw = () => {
        for (const [i, line] of cell.lines.entries()) {
          const at = y + PAD.y + 1 + i * STEP
          paper.text(line, cell.x, at, { ...style, align: cell.align }, cell.width)
        }
      }
      paper.tag(index === 0 ? 'TH' : 'TD', draw, index === 0 ? { scope: 'Row' } : {})
    }
  })
  paper.artifact(() => {
    if (row.total) paper.rule(y, MUTED, 0.6)
    paper.rule(y + tall, RULE, 0.5)
  })
  paper.y = y + tall
}
