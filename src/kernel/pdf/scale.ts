import { figure, type Box } from './charts.ts'
import { MUTED, RULE, tint } from './colour.ts'
import type { Paper } from './paper.ts'

export interface Scale {
  nom: string
  value: number
  q1: number
  mediane: number
  q3: number
}

/** Where a value lies beside the quartiles of a profession: a band from Q1 to Q3, the median, and a mark. */
export function scale(paper: Paper, s: Scale, format: (value: number) => string, alt: string): void {
  const height = 62
  paper.need(height)
  const box = { x: paper.left, y: paper.y, width: paper.width, height }
  const spread = s.q3 - s.q1 || Math.abs(s.mediane) || 1
  const low = Math.min(s.value, s.q1 - spread * 0.6)
  const high = Math.max(s.value, s.q3 + spread * 0.6)
  const track = { x: box.x + 8, width: box.width - 16, y: box.y + 34 }
  const at = (value: number) => track.x + ((value - low) / (high - low)) * track.width
  figure(paper, box, alt, () => {
    paper.text(s.nom, box.x, box.y, { size: 8.5, font: 'semibold' })
    paper.doc.roundedRect(track.x, track.y - 3, track.width, 6, 3).fill(RULE)
    paper.doc.rect(at(s.q1), track.y - 3, at(s.q3) - at(s.q1), 6).fill(tint(paper.brand, 0.35))
    paper.doc.rect(at(s.mediane) - 0.7, track.y - 5, 1.4, 10).fill(MUTED)
    mark(paper, at(s.value), track.y)
    const you = `Vous : ${format(s.value)}`
    const wide = paper.widthOf(you, { size: 8.5, font: 'semibold' })
    const x = Math.min(Math.max(at(s.value) - wide / 2, box.x), box.x + box.width - wide)
    paper.text(you, x, track.y - 20, { size: 8.5, font: 'semibold', colour: paper.ink })
    ticks(paper, box, track.y + 9, [
      { x: at(s.q1), text: `Q1 ${format(s.q1)}` },
      { x: at(s.mediane), text: `médiane ${format(s.mediane)}` },
      { x: at(s.q3), text: `Q3 ${format(s.q3)}` },
    ])
  })
  paper.y = box.y + height
}

function mark(paper: Paper, x: number, y: number): void {
  paper.doc.circle(x, y, 5).lineWidth(1.6).fillAndStroke(paper.ink, '#ffffff')
}

/** Three labels under the band, pushed apart when the quartiles are close. */
function ticks(paper: Paper, box: Box, y: number, labels: { x: number; text: string }[]): void {
  const style = { size: 7.5, colour: MUTED }
  const placed = labels.map(({ x, text }) => ({ text, wide: paper.widthOf(text, style), x: 0, wish: x }))
  let edge = box.x
  for (const label of placed) {
    label.x = Math.max(edge, label.wish - label.wide / 2)
    edge = label.x + label.wide + 10
  }
  let limit = box.x + box.width
  for (const label of placed.reverse()) {
    label.x = Math.min(label.x, limit - label.wide)
    limit = label.x - 10
    paper.text(label.text, label.x, y, style)
  }
}
