import { readFile } from 'node:fs/promises'
import { PIECES_JOINTES } from '../../../kernel/files/allow-list.ts'
import { FileRefused } from '../../../kernel/files/errors.ts'
import { storeBytes, storeFile } from '../../../kernel/files/store.ts'
import { octets } from '../../../kernel/formats.ts'
import type { Ctx, ReceivedFile, SignedIn } from '../../../kernel/page.ts'
import { makePdf, pdfKind } from '../../../kernel/pdf/pool.ts'
import { type Brouillon, addFichier } from './brouillons.ts'
import type { PhotosData } from './photos.ts'

const PHOTOS = pdfKind<PhotosData>(new URL('./photos.ts', import.meta.url))
const FIELD = 'fichiers-'

/** The files of a draft at most, all questions together. */
export const MAX_PIECES = 50

type Doer = Pick<Ctx & SignedIn, 'db' | 'services' | 'organisme' | 'user' | 'files'>

/**
 * Keeps the files that came with a draft, each with its question. Photos of a question asked for it become one PDF.
 * @throws FileRefused for a question that is not open, too many files, or photos too heavy together
 */
export async function keepPieces(
  ctx: Doer,
  brouillon: Brouillon,
  rules: { open: ReadonlySet<string>; photos: ReadonlySet<string>; already: number },
): Promise<number> {
  if (rules.already + ctx.files.length > MAX_PIECES)
    throw new FileRefused(`Une réponse porte ${MAX_PIECES} fichiers au plus.`, 413)
  const groups = new Map<string, ReceivedFile[]>()
  for (const received of ctx.files) {
    const questionId = received.field.slice(FIELD.length)
    if (!received.field.startsWith(FIELD) || !rules.open.has(questionId))
      throw new FileRefused('Ce fichier ne répond à aucune question ouverte.', 422)
    groups.set(questionId, [...(groups.get(questionId) ?? []), received])
  }
  for (const [questionId, files] of groups) {
    const photos = rules.photos.has(questionId) ? files.filter(isPhoto) : []
    const together = photos.length > 1
    if (together)
      await addFichier(ctx.db, brouillon.id, questionId, await storePhotos(ctx, questionId, photos))
    for (const one of files) {
      if (together && isPhoto(one)) continue
      await addFichier(ctx.db, brouillon.id, questionId, await storeFile(ctx, one))
    }
  }
  return ctx.files.length
}

function isPhoto(received: ReceivedFile): boolean {
  return received.mime === 'image/jpeg' || received.mime === 'image/png'
}

async function storePhotos(ctx: Doer, questionId: string, photos: ReceivedFile[]): Promise<string> {
  const weight = photos.reduce((sum, photo) => sum + photo.size, 0)
  const field = `${FIELD}${questionId}`
  if (weight > PIECES_JOINTES.maxBytes) throw tooHeavy(weight, field)
  const titre = `Photos (${photos.length})`
  const images = await Promise.all(photos.map((photo) => readFile(photo.tempPath)))
  const bytes = await makePdf(PHOTOS, { titre, images }).catch(() => {
    throw new FileRefused(
      'L’une de ces photos ne peut pas être mise en PDF. Envoyez-les une par une, sans les assembler.',
      422,
      field,
    )
  })
  if (bytes.length > PIECES_JOINTES.maxBytes) throw tooHeavy(bytes.length, field)
  const name = `${photos[0]!.name.replace(/\.[^.]+$/, '')} et ${photos.length - 1} de plus.pdf`
  return (await storeBytes(ctx, { name, mime: 'application/pdf', bytes })).id
}

function tooHeavy(weight: number, field: string): FileRefused {
  return new FileRefused(
    `Ces photos pèsent ensemble ${octets(weight)}\u00a0: la limite est de ${octets(PIECES_JOINTES.maxBytes)}. ` +
      'Envoyez-les en deux fois, ou réduisez leur taille.',
    413,
    field,
  )
}
