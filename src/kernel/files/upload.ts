import { mkdirSync } from 'node:fs'
import type { Request, Response } from 'express'
import multer from 'multer'
import { octets, pluriel } from '../formats.ts'
import type { FileRule } from './allow-list.ts'
import { checkName } from './allow-list.ts'
import { FileRefused, StorageUnavailable, asStorageFault } from './errors.ts'
import { cleanFileName } from './file-name.ts'
import * as say from './sentences.ts'

/** A field sent twice is an array. */
export type UploadFields = Record<string, string | string[]>

export interface UploadedFile {
  field: string
  tempPath: string
  /** As the browser said it: for `inspectFile`, never for a path or a page. */
  declaredName: string
}

export interface UploadOptions {
  rule: FileRule
  /** Of files, per request; file inputs left empty do not count. */
  maxFiles: number
  /**
   * Called exactly once: before the first byte of the first file is stored, with the fields that stand before
   * it in the form, or at the end when no file comes. What it throws refuses the whole upload (CSRF).
   */
  onFirstFile: (fields: UploadFields) => void
}

export interface Upload {
  fields: UploadFields
  files: UploadedFile[]
}

const MAX_FIELD_BYTES = 64 * 1024
const LIMITS = {
  fields: 100,
  parts: 120,
  fieldNameSize: 100,
  fieldSize: MAX_FIELD_BYTES,
  headerPairs: 50,
  // No name with brackets: a form of ours has flat fields, and nothing is built from the browser's words.
  fieldNestingDepth: 0,
}

/**
 * Receives multipart forms; files go to `tempDir` (made when absent), on the volume of the storage if possible,
 * so that taking a file over is a rename.
 *
 * The function that it gives resolves when every file is on disk; the caller then owns the files
 * (discardTempFiles). When it rejects, no file is left.
 * @throws FileRefused, StorageUnavailable, or what `onFirstFile` threw
 */
export function createUploader(
  tempDir: string,
): (req: Request, res: Response, options: UploadOptions) => Promise<Upload> {
  mkdirSync(tempDir, { recursive: true, mode: 0o700 })
  const storage = multer.diskStorage({ destination: tempDir })
  return async (req, res, { rule, maxFiles, onFirstFile }) => {
    if (!req.is('multipart/form-data')) throw broken()
    let announced = false
    const announce = (): void => {
      if (announced) return
      announced = true
      onFirstFile(fieldsOf(req))
    }
    let accepted = 0
    let refusal: Error | undefined
    const receive = multer({
      storage,
      defParamCharset: 'utf8',
      limits: { ...LIMITS, fileSize: rule.maxBytes },
      fileFilter(_req, file, decide) {
        try {
          announce()
          checkName(file.originalname, rule)
          accepted += 1
          if (accepted > maxFiles) throw tooManyFiles(maxFiles)
          decide(null, true)
        } catch (error) {
          refusal = error as Error
          decide(refusal)
        }
      },
    }).any()
    await new Promise<void>((resolve, reject) => {
      receive(req, res, (error: unknown) => {
        if (error === undefined || error === null) resolve()
        else reject(refusal ?? asRefusal(error, rule))
      })
    })
    announce()
    return { fields: fieldsOf(req), files: filesOf(req) }
  }
}

function fieldsOf(req: Request): UploadFields {
  return req.body as UploadFields
}

function filesOf(req: Request): UploadedFile[] {
  const files = req.files as Express.Multer.File[] | undefined
  return (files ?? []).map((file) => ({
    field: file.fieldname,
    tempPath: file.path,
    declaredName: file.originalname,
  }))
}

function asRefusal(error: unknown, rule: FileRule): Error {
  if (error instanceof multer.MulterError) return limitRefusal(error, rule)
  const fault = asStorageFault(error)
  if (fault instanceof StorageUnavailable) return fault
  // The parser and an interrupted request throw plain errors; a TypeError and its like are ours.
  return error instanceof TypeError || error instanceof RangeError ? error : broken()
}

function limitRefusal(error: multer.MulterError, rule: FileRule): FileRefused {
  const { code, filename } = error as multer.MulterError & { filename?: string }
  switch (code as string) {
    case 'LIMIT_FILE_SIZE':
      return new FileRefused(say.tooBigSentence(cleanFileName(filename ?? ''), undefined, rule.maxBytes), 413)
    case 'LIMIT_FIELD_VALUE':
      return new FileRefused(
        `Un texte de votre formulaire dépasse la limite de ${octets(MAX_FIELD_BYTES)}. Raccourcissez-le ou joignez-le en fichier.`,
        413,
      )
    default:
      return broken()
  }
}

export function tooManyFiles(maxFiles: number): FileRefused {
  return new FileRefused(
    `Vous envoyez trop de fichiers à la fois\u00a0; la limite est de ${pluriel(maxFiles, 'fichier', 'fichiers')}. Répartissez-les en plusieurs envois.`,
    413,
  )
}

function broken(): FileRefused {
  return new FileRefused(
    'Votre envoi est arrivé incomplet ou abîmé. Rechargez la page, choisissez de nouveau vos fichiers, puis recommencez.',
    400,
  )
}
