import PDFDocument from 'pdfkit'

/** A true PDF of a page, made by the library that the portal itself uses. */
export async function makePdf(
  options: PDFKit.PDFDocumentOptions = {},
  draw: (doc: PDFKit.PDFDocument) => void = () => undefined,
): Promise<Buffer> {
  const doc = new PDFDocument(options)
  doc.text('Attestation de démonstration')
  draw(doc)
  doc.end()
  return Buffer.concat((await doc.toArray()) as Buffer[])
}

/** A PDF of the given objects, written by hand; readers rebuild the missing table of references. */
export function rawPdf(...objects: (string | Buffer)[]): Buffer {
  const parts = [
    '%PDF-1.7\n',
    ...objects.flatMap((object) => [object, '\n']),
    'trailer << /Root 1 0 R >>\n%%EOF\n',
  ]
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))
}

/** Object 9 as a stream with that dictionary. */
export function streamObject(dictionary: string, body: Buffer): Buffer {
  const head = `9 0 obj\n<< ${dictionary} /Length ${body.length} >>\nstream\n`
  return Buffer.concat([Buffer.from(head), body, Buffer.from('\nendstream\nendobj')])
}
