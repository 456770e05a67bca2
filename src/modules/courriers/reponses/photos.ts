import PDFDocument from 'pdfkit'

/** Photos of one document, in the order in which they were chosen. */
export interface PhotosData {
  titre: string
  images: Uint8Array[]
}

const MARGE = 24

/** One page a photo, as large as the page takes it; a photo taken sideways is turned as its camera says. */
export async function render({ titre, images }: PhotosData): Promise<Buffer> {
  const doc = new PDFDocument({
    autoFirstPage: false,
    size: 'A4',
    margin: MARGE,
    info: { Title: titre },
    lang: 'fr-FR',
  })
  const chunks: Buffer[] = []
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  const finished = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve)
    doc.on('error', reject)
  })
  for (const bytes of images) {
    doc.addPage()
    doc.image(Buffer.from(bytes), MARGE, MARGE, {
      fit: [doc.page.width - 2 * MARGE, doc.page.height - 2 * MARGE],
      align: 'center',
      valign: 'center',
    })
  }
  doc.end()
  await finished
  return Buffer.concat(chunks)
}
