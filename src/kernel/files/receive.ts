import { join } from 'node:path'
import express, { type Request, type Response } from 'express'
import type { ReceivedFile } from '../page.ts'
import type { ParvisRequest } from '../request.ts'
import type { Services } from '../services.ts'
import { type FileRule, inspectFile } from './allow-list.ts'
import { FileRefused } from './errors.ts'
import { type UploadFields, type UploadedFile, createUploader } from './upload.ts'

export interface Received {
  fields: UploadFields
  files: UploadedFile[]
}

export type Receive = (
  req: ParvisRequest,
  res: Response,
  upload: { rule: FileRule; maxFiles: number } | undefined,
  check: (fields: UploadFields) => void,
  large?: boolean,
) => Promise<Received>

/** Reads the body of an act: a plain form, or a form with files when the route takes some. */
export function receiver(services: Services): Receive {
  // Beside the storage of the local driver, so that taking a file over is a rename.
  const receiveFiles = createUploader(join(services.config.dataDir, 'temp'))
  const parseForm = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 2000 })
  // An encoded text grows: accents take six bytes, separators three.
  const parseLarge = express.urlencoded({ extended: false, limit: '2mb', parameterLimit: 20 })
  return async (request, res, upload, check, large = false) => {
    const req = request as unknown as Request
    if (upload && req.is('multipart/form-data')) {
      // Somebody known may have a slow line; anybody else has the time of a form.
      if (request.user) request.bodyClock?.asLongAsItComes()
      return receiveFiles(req, res, { ...upload, onFirstFile: check })
    }
    const parse = large ? parseLarge : parseForm
    await new Promise<void>((resolve, reject) => {
      parse(req, res, (error?: Error) => (error ? reject(error) : resolve()))
    })
    const fields = (req.body ?? {}) as UploadFields
    check(fields)
    return { fields, files: [] }
  }
}

/**
 * Checks every file against the rule.
 * @throws FileRefused on the first that does not fit; none is then kept.
 */
export async function inspectAll(files: readonly UploadedFile[], rule: FileRule): Promise<ReceivedFile[]> {
  const checked: ReceivedFile[] = []
  for (const file of files) {
    try {
      const inspected = await inspectFile(file.tempPath, file.declaredName, rule)
      checked.push({ ...inspected, field: file.field, tempPath: file.tempPath })
    } catch (error) {
      throw error instanceof FileRefused ? new FileRefused(error.message, error.status, file.field) : error
    }
  }
  return checked
}
