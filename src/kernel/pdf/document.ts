import PDFDocument from 'pdfkit'
import { fontOf, layoutsOf, printable } from './fonts.ts'

export interface Identity {
  /** Title of the document, for the window and the screen reader: no name of a person in it. */
  titre: string
  /** Who issues it. */
  auteur: string
  /** Day of issue: it becomes the file's date, so that the same data give the same bytes. */
  emisLe: string
  /** Foot of each page, first line: what this paper is. */
  reference: string
  /** Foot of each page, second line: how to verify it. */
  verification: string
  couleur: string
}

/** The parts of pdfkit that its types do not know. */
interface Untyped {
  _addInfo(): void
  _font: { layoutCache: Record<string, unknown> }
  info: Record<string, unknown>
}

/**
 * pdfkit writes title and author into the XMP packet as they are: an « & » in a name would break the packet, and with
 * it PDF/A. The information dictionary was written before, with the true text.
 */
class Document extends PDFDocument {
  _addInfo(): void {
    const self = this as unknown as Untyped
    for (const key of ['Title', 'Author', 'Subject'] as const) {
      self.info[key] = String(self.info[key]).replace(/[&<>]/g, (c) =>
        c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;',
      )
    }
    ;(PDFDocument.prototype as unknown as Untyped)._addInfo.call(this)
  }
}

/** An empty document: A4, tagged, French, PDF/A-2a, with our two fonts and no other. `file` comes once it is ended. */
export function openDocument(identity: Identity): { doc: PDFKit.PDFDocument; file: Promise<Buffer> } {
  const doc = new Document({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    autoFirstPage: false,
    font: null as unknown as string, // otherwise pdfkit loads Helvetica
    pdfVersion: '1.7',
    subset: 'PDF/A-2a',
    tagged: true,
    lang: 'fr-FR',
    displayTitle: true,
    info: {
      Title: printable(identity.titre),
      Author: printable(identity.auteur),
      Subject: printable(identity.reference),
      Creator: 'Parvis',
      CreationDate: new Date(`${identity.emisLe}T12:00:00Z`),
    },
  })
  const chunks: Buffer[] = []
  const file = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  for (const name of ['regular', 'semibold'] as const) {
    doc.registerFont(name, fontOf(name) as unknown as Buffer).font(name) // pdfkit takes a parsed font too
    ;(doc as unknown as Untyped)._font.layoutCache = layoutsOf(name)
  }
  return { doc, file }
}
