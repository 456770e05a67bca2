import { opendir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes received files that nobody took over; for the end of a request that failed. Never throws. */
export async function discardTempFiles(files: readonly { tempPath: string }[]): Promise<void> {
  await Promise.allSettled(files.map(({ tempPath }) => rm(tempPath, { force: true })))
}

/**
 * Removes what a killed process left in the temporary folder.
 * Takes the folder and the instant before which a file is old (more than a day ago: uploads are under way).
 * Gives how many files went.
 */
export async function sweepTempFiles(tempDir: string, before: Date): Promise<number> {
  let swept = 0
  for await (const entry of await opendir(tempDir)) {
    const path = join(tempDir, entry.name)
    const found = entry.isFile() ? await stat(path).catch(() => undefined) : undefined
    if (!found || found.mtime >= before) continue
    await rm(path, { force: true })
    swept += 1
  }
  return swept
}
