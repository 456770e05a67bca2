import { MUTED, RULE, TEXT, ink } from './colour.ts'
import { openDocument, type Identity } from './document.ts'
import { printable, type FontName } from './fonts.ts'

/*
 * A4 papers of one family: letterhead, one column, generous margins, page numbers, everything tagged.
 *
 * The text is laid out here and not by pdfkit: a line is measured once, a page breaks where the paper decides, and
 * each tag opens and closes on one page. Lengths are points (1/72 inch) from the top left corner.
 */

const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = { top: 46, side: 58, bottom: 74 }

export interface Style {
  font?: FontName
  size?: number
  colour?: string
  align?: 'left' | 'right' | 'center'
}

export interface TagOptions {
  alt?: string
  scope?: 'Column' | 'Row'
  bbox?: [number, number, number, number]
}

export class Paper {
  /** Where the next block begins. */
  y: number = MARGIN.top
  readonly left = MARGIN.side
  readonly width = PAGE.width - 2 * MARGIN.side
  readonly bottom = PAGE.height - MARGIN.bottom
  /** The brand as fill, and the brand as text. */
  readonly brand: string
  readonly ink: string
  readonly doc: PDFKit.PDFDocument
  private readonly identity: Identity
  private readonly parents: PDFKit.PDFStructureElement[] = []
  private readonly finished: Promise<Buffer>

  constructor(identity: Identity) {
    this.identity = identity
    this.brand = identity.couleur
    this.ink = ink(identity.couleur)
    const { doc, file } = openDocument(identity)
    this.doc = doc
    this.finished = file
    const root = this.doc.struct('Document')
    this.doc.addStructure(root)
    this.parents.push(root)
    this.doc.addPage()
  }

  /** Room for a block that must not be cut: a new page when there is not enough. */
  need(height: number): void {
    if (this.y + height > this.bottom) this.newPage()
  }

  newPage(): void {
    this.doc.addPage()
    this.y = MARGIN.top
    this.artifact(() => {
      this.text(this.identity.auteur, this.left, this.y, { size: 7.5, colour: MUTED })
      this.text(
        this.identity.titre,
        this.left,
        this.y,
        { size: 7.5, colour: MUTED, align: 'right' },
        this.width,
      )
      this.rule(this.y + 16)
    })
    this.y += 34
  }

  /** A tag with its content; what is drawn inside must stay on one page. */
  tag(type: string, draw: () => void, options: TagOptions = {}): void {
    this.parent.add(this.doc.struct(type, options, [draw]))
  }

  /** A tag around other tags, over as many pages as they need. */
  within<T>(type: string, fill: () => T, options: TagOptions = {}): T {
    const element = this.doc.struct(type, options)
    this.parent.add(element)
    this.parents.push(element)
    const result = fill()
    this.parents.pop()
    element.end()
    return result
  }

  /** A leaf tag whose content may run over a page break: `draw` is called by `open` once for each page. */
  leaf(type: string, fill: (open: (draw: () => void) => void) => void): void {
    const element = this.doc.struct(type)
    this.parent.add(element)
    fill((draw) => element.add(draw))
    element.end()
  }

  private get parent(): PDFKit.PDFStructureElement {
    const parent = this.parents.at(-1)
    if (!parent) throw new Error('paper already finished')
    return parent
  }

  /** Decoration, page numbers: what a screen reader skips. */
  artifact(draw: () => void): void {
    this.doc.markContent('Artifact', { type: 'Pagination' })
    draw()
    this.doc.endMarkedContent()
  }

  /** One line of text, its top at y. `width` is that of the box in which it is aligned. */
  text(text: string, x: number, y: number, style: Style = {}, width = 0): void {
    const { font = 'regular', size = 10, colour = TEXT, align = 'left' } = style
    const line = printable(text)
    if (line === '') return
    this.doc.font(font).fontSize(size).fillColor(colour)
    const shift = align === 'left' ? 0 : (width - this.doc.widthOfString(line)) / (align === 'right' ? 1 : 2)
    this.doc.text(line, x + shift, y, { lineBreak: false })
  }

  widthOf(text: string, style: Style = {}): number {
    this.doc.font(style.font ?? 'regular').fontSize(style.size ?? 10)
    return this.doc.widthOfString(printable(text))
  }

  /** One line, cut with an ellipsis where it does not fit. */
  fit(text: string, width: number, style: Style = {}): string {
    if (this.widthOf(text, style) <= width) return text
    let kept = text
    while (kept !== '' && this.widthOf(`${kept}…`, style) > width) kept = kept.slice(0, -1)
    return `${kept.trimEnd()}…`
  }

  /** The lines that a text takes in a width. A word that is too long is cut where the line ends. */
  wrap(text: string, width: number, style: Style = {}): string[] {
    this.doc.font(style.font ?? 'regular').fontSize(style.size ?? 10)
    const space = this.doc.widthOfString(' ')
    const lines: string[] = []
    for (const paragraph of printable(text).split('\n')) {
      let line = ''
      let used = 0
      for (const word of paragraph.split(' ').flatMap((word) => this.cut(word, width))) {
        const size = this.doc.widthOfString(word)
        if (line !== '' && used + space + size > width) {
          lines.push(line)
          line = word
          used = size
        } else {
          used += (line === '' ? 0 : space) + size
          line = line === '' ? word : `${line} ${word}`
        }
      }
      lines.push(line)
    }
    return lines
  }

  private cut(word: string, width: number): string[] {
    if (this.doc.widthOfString(word) <= width) return [word]
    const pieces: string[] = []
    let piece = ''
    for (const character of word) {
      if (piece !== '' && this.doc.widthOfString(piece + character) > width) {
        pieces.push(piece)
        piece = ''
      }
      piece += character
    }
    return [...pieces, piece]
  }

  rule(y: number, colour: string = RULE, weight = 0.6, x = this.left, width = this.width): void {
    this.doc
      .lineWidth(weight)
      .strokeColor(colour)
      .moveTo(x, y)
      .lineTo(x + width, y)
      .stroke()
  }

  /** Writes the foot of every page and gives the file. Nothing may be drawn afterwards. */
  finish(): Promise<Buffer> {
    const { start, count } = this.doc.bufferedPageRange()
    for (let page = 0; page < count; page++) {
      this.doc.switchToPage(start + page)
      this.artifact(() => {
        const y = PAGE.height - MARGIN.bottom + 24
        const style: Style = { size: 7.5, colour: MUTED }
        this.rule(y - 8)
        this.text(this.identity.reference, this.left, y, style)
        this.text(this.identity.verification, this.left, y + 11, style)
        this.text(`Page ${page + 1} sur ${count}`, this.left, y, { ...style, align: 'right' }, this.width)
      })
    }
    this.parents.pop()?.end()
    this.doc.end()
    return this.finished
  }
}
