import { MUTED } from './colour.ts'
import type { Paper, Style } from './paper.ts'

/** Who writes: the top of the first page. */
export interface Letterhead {
  nom: string
  /** Under the name, one line each: legal form, quality, references. */
  lignes: string[]
  /** On the right, one line each: address, telephone, mail, site. */
  contact: string[]
  /** PNG in base64; it is drawn in 150 × 44 points, so more than 600 pixels across only slow the paper down. */
  logo: string | null
}

const NAME: Style = { font: 'semibold', size: 13 }
const SMALL: Style = { size: 8, colour: MUTED }

export function letterhead(paper: Paper, head: Letterhead): void {
  const right = paper.width * 0.34
  const column = paper.width - right - 24
  const top = paper.y
  paper.within('Sect', () => {
    let y = top
    if (head.logo !== null) y += logo(paper, head.logo, head.nom, y) + 9
    y = lines(paper, [head.nom], paper.left, y, column, { ...NAME, colour: paper.ink }, 17) + 2
    y = lines(paper, head.lignes, paper.left, y, column, SMALL, 11.5)
    const end = lines(
      paper,
      head.contact,
      paper.left + paper.width - right,
      top + 2,
      right,
      SMALL,
      11.5,
      'right',
    )
    paper.y = Math.max(y, end) + 10
  })
  paper.artifact(() => paper.rule(paper.y, paper.brand, 1.4))
  paper.y += 28
}

/** The parts of pdfkit that its types do not know. */
interface Untyped {
  openImage(src: string): { width: number; height: number }
}

/** Draws the logo in its box and gives its height. */
function logo(paper: Paper, base64: string, nom: string, y: number): number {
  const src = `data:image/png;base64,${base64}`
  const image = (paper.doc as unknown as Untyped).openImage(src)
  const scale = Math.min(150 / image.width, 44 / image.height)
  const [width, height] = [image.width * scale, image.height * scale]
  paper.tag('Figure', () => paper.doc.image(src, paper.left, y, { width, height }), {
    alt: `Logo de ${nom}`,
    bbox: [paper.left, y, paper.left + width, y + height],
  })
  return height
}

function lines(
  paper: Paper,
  texts: string[],
  x: number,
  y: number,
  width: number,
  style: Style,
  step: number,
  align: 'left' | 'right' = 'left',
): number {
  let at = y
  for (const text of texts.filter((text) => text !== '')) {
    const wrapped = paper.wrap(text, width, style)
    paper.tag('P', () => {
      for (const [i, line] of wrapped.entries())
        paper.text(line, x, at + i * step, { ...style, align }, width)
    })
    at += wrapped.length * step
  }
  return at
}
