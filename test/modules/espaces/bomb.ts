import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createDeflate } from 'node:zlib'

/** A one-page PDF whose drawing unfolds to that many megabytes. */
export async function unfoldingPdf(megabytes: number): Promise<Buffer> {
  const mega = Buffer.alloc(1024 * 1024, '(a) Tj ')
  const body = await buffer(
    Readable.from(Array.from({ length: megabytes }, () => mega)).pipe(createDeflate({ level: 9 })),
  )
  const objects = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>'),
    Buffer.concat([
      Buffer.from(`<< /Length ${body.length} /Filter /FlateDecode >>\nstream\n`),
      body,
      Buffer.from('\nendstream'),
    ]),
  ]
  const parts = [Buffer.from('%PDF-1.7\n')]
  for (const [i, object] of objects.entries()) {
    parts.push(Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from('\nendobj\n'))
  }
  parts.push(Buffer.from('trailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n'))
  return Buffer.concat(parts)
}
