import { MUTED, PALE, TEXT } from './colour.ts'
import type { Paper, Style } from './paper.ts'

/* The blocks of a paper, from top to bottom. Each leaves the cursor after its own white. */

const BODY: Style = { size: 10, colour: TEXT }
/** Line step, in parts of the size. */
const STEP = 1.5

/** The title of the paper and, under it, what it is about. */
export function title(paper: Paper, text: string, subtitle: string): void {
  const style: Style = { font: 'semibold', size: 20 }
  const lines = paper.wrap(text, paper.width, style)
  paper.tag('H1', () => {
    for (const [i, line] of lines.entries()) paper.text(line, paper.left, paper.y + i * 25, style)
  })
  paper.y += lines.length * 25 + 3
  paragraph(paper, subtitle, { size: 10.5, colour: MUTED })
  paper.y += 8
}

/** A section. It stays with at least `keep` points of what follows. */
export function heading(paper: Paper, text: string, keep = 60): void {
  const style: Style = { font: 'semibold', size: 12, colour: paper.ink }
  const lines = paper.wrap(text, paper.width, style)
  paper.y += 8
  paper.need(lines.length * 16 + keep)
  paper.tag('H2', () => {
    for (const [i, line] of lines.entries()) paper.text(line, paper.left, paper.y + i * 16, style)
  })
  paper.y += lines.length * 16 + 6
}

/** A paragraph; it may run over a page break, never leaving one line alone on either side when it has four or more. */
export function paragraph(paper: Paper, text: string, style: Style = {}): void {
  const merged = { ...BODY, ...style }
  const step = STEP * (merged.size ?? 10)
  const lines = paper.wrap(text, paper.width, merged)
  paper.leaf('P', (open) => {
    for (let at = 0; at < lines.length;) {
      if (paper.y + step * Math.min(2, lines.length - at) > paper.bottom) paper.newPage()
      const room = Math.max(1, Math.floor((paper.bottom - paper.y) / step))
      const left = lines.length - at
      const count = left > room && left - room === 1 && room > 2 ? room - 1 : Math.min(room, left)
      const part = lines.slice(at, at + count)
      open(() => {
        for (const [i, line] of part.entries()) paper.text(line, paper.left, paper.y + i * step, merged)
      })
      paper.y += count * step
      at += count
    }
  })
  paper.y += 6
}

/** Small print. */
export function notice(paper: Paper, text: string): void {
  paragraph(paper, text, { size: 8, colour: MUTED })
}

/** What is told apart from the rest: a pale box with a title of its own. */
export function callout(paper: Paper, heading: string, text: string): void {
  const pad = 12
  const inner = paper.width - 2 * pad - 4
  const head: Style = { font: 'semibold', size: 10 }
  const body: Style = { size: 9.5 }
  const titleLines = paper.wrap(heading, inner, head)
  const lines = paper.wrap(text, inner, body)
  const height = titleLines.length * 14 + lines.length * 13.5 + 2 * pad - 2
  paper.need(height + 4)
  paper.y += 2
  const top = paper.y
  paper.artifact(() => {
    paper.doc.rect(paper.left, top, paper.width, height).fill(PALE)
    paper.doc.rect(paper.left, top, 3, height).fill(paper.brand)
  })
  const x = paper.left + pad + 4
  paper.within('Sect', () => {
    paper.tag('P', () => {
      for (const [i, line] of titleLines.entries()) paper.text(line, x, top + pad + i * 14, head)
    })
    const under = top + pad + titleLines.length * 14 + 1
    paper.tag('P', () => {
      for (const [i, line] of lines.entries()) paper.text(line, x, under + i * 13.5, body)
    })
  })
  paper.y = top + height + 10
}

/** Names and values; one without a value is left out. */
export type Facts = [name: string, value: string | null][]

/** A list of facts, tagged as a list of labels and bodies. */
export function facts(paper: Paper, list: Facts, labelWidth = 166): void {
  const label: Style = { size: 9, colour: MUTED }
  const step = 14
  paper.within('L', () => {
    for (const [name, value] of list) {
      if (value === null || value === '') continue
      const names = paper.wrap(name, labelWidth - 12, label)
      const values = paper.wrap(value, paper.width - labelWidth, BODY)
      const height = Math.max(names.length, values.length) * step + 7
      paper.need(height)
      const top = paper.y + 4
      paper.within('LI', () => {
        paper.tag('Lbl', () => {
          for (const [i, line] of names.entries()) paper.text(line, paper.left, top + 0.9 + i * step, label)
        })
        paper.tag('LBody', () => {
          for (const [i, line] of values.entries())
            paper.text(line, paper.left + labelWidth, top + i * step, BODY)
        })
      })
      paper.y += height
      paper.artifact(() => paper.rule(paper.y, PALE, 0.8))
    }
  })
  paper.y += 12
}

/** Where, when and by whom: kept together at the right of the page, with room for a hand-written signature. */
export function signature(paper: Paper, place: string, signatory: string, quality: string): void {
  const width = paper.width * 0.5
  const x = paper.left + paper.width - width
  const parts: [string, Style][] = [
    [place, BODY],
    [signatory, { ...BODY, font: 'semibold' }],
    [quality, { size: 9, colour: MUTED }],
  ]
  const wrapped = parts.map(([text, style]) => ({ lines: paper.wrap(text, width, style), style }))
  const height = wrapped.reduce((sum, part) => sum + part.lines.length * 14 + 3, 0)
  paper.y += 10
  paper.need(height)
  for (const { lines, style } of wrapped) {
    paper.tag('P', () => {
      for (const [i, line] of lines.entries()) paper.text(line, x, paper.y + i * 14, style)
    })
    paper.y += lines.length * 14 + 3
  }
  paper.y += 8
}
