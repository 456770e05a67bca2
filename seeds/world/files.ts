import { createHash } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import PDFDocument from 'pdfkit'

/** The bytes behind the papers: few, shared by many rows. */
export interface WorldFiles {
  /** Gives the file of a row its key and says what is under it. */
  add(organismeId: string, fichierId: string, kind: string): { key: string; bytes: number; sha256: string }
}

/** Rows without bytes: to measure pages, not downloads. */
export const noFiles: WorldFiles = {
  add: (organismeId, fichierId) => ({
    key: `${organismeId}/${fichierId}`,
    bytes: 48_213,
    sha256: createHash('sha256').update('').digest('hex'),
  }),
}

/** A file of ext4 has at most 65 000 names. */
const NAMES_A_FILE = 60_000

/** In a folder of the local driver (src/kernel/files/local.ts: one file per key), one PDF with many names. */
export async function linkedFiles(root: string): Promise<WorldFiles> {
  const bytes = await paper()
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const folders = new Set<string>()
  let original = ''
  let names = 0
  return {
    add(organismeId, fichierId) {
      const folder = join(root, organismeId)
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 })
      folders.add(folder)
      const path = join(folder, fichierId)
      if (names % NAMES_A_FILE === 0) {
        original = path
        writeFileSync(path, bytes)
        chmodSync(path, 0o600)
      } else linkSync(original, path)
      names++
      return { key: `${organismeId}/${fichierId}`, bytes: bytes.length, sha256 }
    },
  }
}

async function paper(): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', margin: 72, info: { Title: 'Document d’essai' } })
  doc.fontSize(16).text('Document d’essai').moveDown().fontSize(11).text('Il tient la place d’un vrai.')
  doc.end()
  return Buffer.concat((await doc.toArray()) as Buffer[])
}
