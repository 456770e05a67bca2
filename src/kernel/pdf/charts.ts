import { mix } from '../theme.ts'
import { MUTED, PALE, TEXT, tint } from './colour.ts'
import type { Paper } from './paper.ts'

/*
 * Small charts, drawn with vectors. Each is one Figure with a text in its place, beside a table or a legend that
 * holds the same figures: nothing is said by colour or shape alone.
 */

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** What is drawn, with the text that stands for it. */
export function figure(paper: Paper, box: Box, alt: string, draw: () => void): void {
  const bbox: [number, number, number, number] = [box.x, box.y, box.x + box.width, box.y + box.height]
  paper.tag('Figure', draw, { alt, bbox })
}

export interface Series {
  nom: string
  colour: string
  /** One value for each label; null where there is none. */
  values: (number | null)[]
}

/** Groups of vertical bars around a line at zero, with their values above or, when negative, below. */
export function bars(
  paper: Paper,
  labels: string[],
  series: Series[],
  format: (value: number) => string,
  alt: string,
): void {
  const box = { x: paper.left, y: paper.y, width: paper.width, height: 158 }
  paper.need(box.height + 6)
  box.y = paper.y
  const values = series.flatMap((one) => one.values.filter((value) => value !== null))
  const high = Math.max(0, ...values)
  const low = Math.min(0, ...values)
  const plot = { top: box.y + 34, bottom: box.y + box.height - (low < 0 ? 30 : 20) }
  const unit = (plot.bottom - plot.top) / (high - low || 1)
  const zero = plot.top + high * unit
  const group = box.width / labels.length
  const bar = Math.min(46, (group * 0.62) / series.length)
  figure(paper, box, alt, () => {
    legend(paper, series, box)
    for (const [g, label] of labels.entries()) {
      const middle = box.x + group * (g + 0.5)
      const first = middle - (bar * series.length + 6 * (series.length - 1)) / 2
      for (const [s, one] of series.entries()) {
        const value = one.values[g] ?? null
        const x = first + s * (bar + 6)
        if (value === null) continue
        const tall = Math.abs(value) * unit
        if (tall > 0) paper.doc.rect(x, value >= 0 ? zero - tall : zero, bar, tall).fill(one.colour)
        const y = value >= 0 ? zero - tall - 11 : zero + tall + 3
        paper.text(format(value), x - 30, y, { size: 7.5, font: 'semibold', align: 'center' }, bar + 60)
      }
      const style = { size: 8, colour: MUTED, align: 'center' } as const
      paper.text(label, middle - group / 2, box.y + box.height - 12, style, group)
    }
    paper.rule(zero, MUTED, 0.7)
  })
  paper.y = box.y + box.height + 14
}

function legend(paper: Paper, series: Series[], box: Box): void {
  let x = box.x
  for (const { nom, colour } of series) {
    paper.doc.roundedRect(x, box.y + 1.5, 8, 8, 1.5).fill(colour)
    paper.text(nom, x + 13, box.y + 0.5, { size: 8, colour: TEXT })
    x += 13 + paper.widthOf(nom, { size: 8 }) + 18
  }
}

export interface Slice {
  nom: string
  value: number
  /** Beside the name: the value as it is written, and its part of the whole. */
  texts: readonly [string, string]
}

/** A ring of positive slices and its legend with names and values. Slices come largest first from the caller. */
export function ring(paper: Paper, slices: Slice[], centre: string, alt: string): void {
  const step = 17
  const height = Math.max(128, slices.length * step + 8)
  paper.need(height + 6)
  const box = { x: paper.left, y: paper.y, width: paper.width, height }
  const total = slices.reduce((sum, slice) => sum + slice.value, 0) || 1
  const radius = { outer: 58, inner: 36 }
  const c = { x: box.x + 64, y: box.y + height / 2 }
  figure(paper, box, alt, () => {
    let from = -Math.PI / 2
    for (const [i, slice] of slices.entries()) {
      const to = from + (slice.value / total) * 2 * Math.PI
      sector(paper, c, radius, from, to, tone(paper, i))
      from = to
    }
    const wide = paper.widthOf(centre, { size: 10, font: 'semibold' })
    const size = 10 * Math.min(1, (2 * radius.inner - 12) / wide)
    paper.text(
      centre,
      c.x - radius.inner,
      c.y - size * 0.6,
      { size, font: 'semibold', align: 'center' },
      2 * radius.inner,
    )
    const x = box.x + 152
    const top = c.y - (slices.length * step) / 2
    for (const [i, { nom, texts }] of slices.entries()) {
      const y = top + i * step
      paper.doc.roundedRect(x, y + 2, 9, 9, 1.5).fill(tone(paper, i))
      paper.text(nom, x + 16, y + 1, { size: 8.5 })
      paper.text(texts[0], x, y + 1, { size: 8.5, align: 'right' }, box.x + box.width - x - 52)
      paper.text(texts[1], x, y + 1, { size: 8.5, align: 'right', colour: MUTED }, box.x + box.width - x)
      if (i > 0) paper.rule(y - 2.5, PALE, 0.6, x, box.x + box.width - x)
    }
  })
  paper.y = box.y + height + 14
}

/** From the brand to pale: neighbours differ in lightness, so that the order is read without colours. */
function tone(paper: Paper, index: number): string {
  return index % 2 === 0
    ? tint(paper.brand, Math.max(0.25, 1 - index * 0.13))
    : tint(mix(paper.brand, '#7d8794', 0.75), Math.max(0.22, 0.62 - index * 0.06))
}

function sector(
  paper: Paper,
  c: { x: number; y: number },
  r: { outer: number; inner: number },
  from: number,
  to: number,
  colour: string,
): void {
  if (to - from < 1e-6) return
  const whole = to - from > 2 * Math.PI - 1e-6
  const end = whole ? from + 2 * Math.PI - 1e-4 : to
  const at = (radius: number, angle: number) =>
    `${(c.x + radius * Math.cos(angle)).toFixed(3)} ${(c.y + radius * Math.sin(angle)).toFixed(3)}`
  const large = end - from > Math.PI ? 1 : 0
  paper.doc
    .path(
      `M ${at(r.outer, from)} A ${r.outer} ${r.outer} 0 ${large} 1 ${at(r.outer, end)} L ${at(r.inner, end)} A ${r.inner} ${r.inner} 0 ${large} 0 ${at(r.inner, from)} Z`,
    )
    .lineWidth(whole ? 0.1 : 1.2)
    .fillAndStroke(colour, whole ? colour : '#ffffff')
}
