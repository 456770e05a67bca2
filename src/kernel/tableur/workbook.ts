import { TABLEAUX } from '../files/allow-list.ts'
import type { Worker } from 'node:worker_threads'
import { archiveFault } from '../files/archive.ts'
import { archiveSentence } from '../files/sentences.ts'
import { FileRefused } from '../files/errors.ts'
import { startThread } from '../thread.ts'
import * as faults from './faults.ts'
import type { SheetRow } from './sheet-xml.ts'
import type { ThreadAnswer } from './workbook-thread.ts'

const LIMITS = { maxEntries: 200, maxBytes: TABLEAUX.maxUnpacked }
const MEMORY_MB = 192
/** For each batch of rows, the start of the thread and the opening of the workbook included in the first. */
const TIME_MS = 30_000

/**
 * The rows of the first sheet of a workbook, empty ones too, as texts.
 * @throws FileRefused for what is no workbook, is protected, unpacks to too much, or takes too long
 */
export async function* rowsOf(path: string, name: string): AsyncGenerator<SheetRow> {
  const fault = await archiveFault(path, LIMITS)
  if (fault === 'too-big') throw faults.workbookTooBig(name, LIMITS.maxBytes)
  if (fault) throw new FileRefused(archiveSentence(name, fault, LIMITS))
  const thread = startThread(new URL('./workbook-thread.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 16 },
    workerData: path,
  })
  // An error that comes while nobody asks must not end the process.
  thread.on('error', () => undefined)
  try {
    for (;;) {
      const answer = await answerOf(thread, name, TIME_MS)
      if ('fault' in answer) throw faults.unreadableWorkbook(name)
      if (answer.rows === null) return
      yield* answer.rows
    }
  } finally {
    await thread.terminate()
  }
}

/** The next word of the thread. Its death is nearly always a workbook that is too big for its memory. */
function answerOf(thread: Worker, name: string, ms: number): Promise<ThreadAnswer> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => settle(() => reject(faults.workbookTooSlow(name))), ms)
    const onMessage = (answer: ThreadAnswer) => settle(() => resolve(answer))
    const onDeath = () => settle(() => reject(faults.workbookTooSlow(name)))
    const settle = (end: () => void) => {
      clearTimeout(late)
      thread.off('message', onMessage).off('error', onDeath).off('exit', onDeath)
      end()
    }
    thread.on('message', onMessage).on('error', onDeath).on('exit', onDeath)
    thread.postMessage('next')
  })
}
