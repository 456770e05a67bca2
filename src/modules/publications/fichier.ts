import { createHash } from 'node:crypto'
import { getDocumentProxy } from 'unpdf'
import { holdsMarkup } from '../../kernel/files/markup.ts'
import { pdfFault } from '../../kernel/files/pdf.ts'
import type { Verdict } from './ligne.ts'

/** A document of 20 Mo is 500 scanned pages; more is a mistake, and the memory of the worker. */
export const MAX_DOCUMENT_BYTES = 20 * 1024 * 1024
const READ_MS = 10_000

export interface Examen {
  taille: number
  sha256: string
  defaut: '' | Verdict
  raison: string
}

/** A file of a campaign, as harmless and readable PDF or not. */
export async function examine(bytes: Buffer): Promise<Examen> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const [defaut, raison] = await faultOf(bytes)
  return { taille: bytes.length, sha256, defaut, raison }
}

async function faultOf(bytes: Buffer): Promise<['' | Verdict, string]> {
  switch (await pdfFault(bytes)) {
    case 'not-pdf':
      return ['pas_pdf', 'Ce fichier n’est pas un PDF.']
    case 'encrypted':
      return ['protege', 'Le PDF est protégé par un mot de passe ou chiffré.']
    case 'damaged':
      return ['illisible', 'Le PDF est abîmé ou incomplet.']
    case 'script':
    case 'launch':
      return ['illisible', 'Le PDF contient un programme, ce que nous refusons par sécurité.']
    case 'attachment':
      return ['illisible', 'Le PDF contient d’autres fichiers, ce que nous refusons par sécurité.']
    case undefined:
  }
  if (await holdsMarkup(bytes)) return ['illisible', 'Le PDF contient du code de page web.']
  return opens(bytes)
}

/** Whether a reader finds its pages: the trial must not promise what the adhérent could not open. */
async function opens(bytes: Buffer): Promise<['' | Verdict, string]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('too slow')), READ_MS)
  })
  try {
    const pdf = await Promise.race([getDocumentProxy(new Uint8Array(bytes)), late])
    const pages = pdf.numPages
    await pdf.loadingTask.destroy()
    return pages > 0 ? ['', ''] : ['illisible', 'Le PDF ne contient aucune page.']
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'PasswordException') return ['protege', 'Le PDF est protégé par un mot de passe.']
    return ['illisible', 'Aucun lecteur n’ouvre ce PDF : il est abîmé.']
  } finally {
    clearTimeout(timer)
  }
}

/** The whole of a stream, or undefined beyond the limit: what is thrown away is never held. */
export async function readWhole(
  body: AsyncIterable<Buffer>,
  limit = MAX_DOCUMENT_BYTES,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
