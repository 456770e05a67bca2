import { MUTED, PALE } from './colour.ts'
import type { Paper, Style } from './paper.ts'

export interface Tile {
  nom: string
  valeur: string
  /** Small, under the value. */
  note: string
}

const NAME: Style = { size: 8, colour: MUTED }
const VALUE: Style = { size: 15, font: 'semibold' }
const GAP = 10
const HEIGHT = 62

/** A row of figures to remember, read as a list. Three or four fit; a value too wide for its tile is set smaller. */
export function tiles(paper: Paper, list: Tile[]): void {
  paper.need(HEIGHT)
  const width = (paper.width - GAP * (list.length - 1)) / list.length
  const inner = width - 20
  const top = paper.y
  paper.artifact(() => {
    for (const i of list.keys())
      paper.doc.roundedRect(paper.left + i * (width + GAP), top, width, HEIGHT, 4).fill(PALE)
  })
  paper.within('L', () => {
    for (const [i, tile] of list.entries()) {
      const x = paper.left + i * (width + GAP) + 10
      const wide = paper.widthOf(tile.valeur, VALUE)
      const value = wide > inner ? { ...VALUE, size: (15 * inner) / wide } : VALUE
      paper.within('LI', () => {
        paper.tag('Lbl', () => paper.text(paper.fit(tile.nom, inner, NAME), x, top + 9, NAME))
        paper.tag('LBody', () => {
          paper.text(tile.valeur, x, top + 22, value)
          paper.text(paper.fit(tile.note, inner, NAME), x, top + 44, NAME)
        })
      })
    }
  })
  paper.y = top + HEIGHT + 14
}
