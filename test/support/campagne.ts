import { ZipFile } from 'yazl'
import type { Portal, Upload, Visitor } from './portal.ts'

/** A PDF of one page that says that, small, and whole for a reader: its table of offsets is right. */
export function pdfOf(text: string): Buffer {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length + 30} >>\nstream\nBT /F1 12 Tf 72 720 Td (${text}) Tj ET\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let out = '%PDF-1.4\n'
  const offsets = objects.map((body, i) => {
    const at = out.length
    out += `${i + 1} 0 obj\n${body}\nendobj\n`
    return at
  })
  const start = out.length
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`
  for (const at of offsets) out += `${String(at).padStart(10, '0')} 00000 n \n`
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(out, 'latin1')
}

export async function zipOf(files: Record<string, Buffer | string>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  return Buffer.concat(
    await (zip.outputStream as unknown as NodeJS.ReadableStream & { toArray(): Promise<Buffer[]> }).toArray(),
  )
}

/** Posts a campaign as the form does; the id of its page. */
export async function deposit(
  agent: Visitor,
  fields: Record<string, string>,
  files: Upload[],
): Promise<string> {
  const answer = await agent.upload(
    '/gestion/publications/nouvelle',
    { titre: 'Campagne', motif: '', genre: '', exercice: '', repondeur: 'adherent', ...fields },
    files,
  )
  if (answer.status !== 303) {
    const why = [
      ...answer.text.matchAll(/Erreur : <\/span>(.*?)<\/p>|class="avis avis-(?:alerte|erreur).*?<\/div>/gs),
    ].map((m) => m[0])
    throw new Error(`${answer.status}: ${why.join(' ') || answer.text.slice(0, 500)}`)
  }
  return String(answer.headers.location).split('/').pop()!
}

/** The work that a campaign is about now: its trial, or its publication. */
export async function travailOf(portal: Portal, publicationId: string): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    'select coalesce(travail_id, essai_id) as id from publications where id = $1',
    [publicationId],
  )
  return rows[0]!.id
}
