import { inTurn } from '../../../kernel/files/turn.ts'
import { startThread } from '../../../kernel/thread.ts'
import type { Rapport } from './rapport.ts'
import type { Nouvelle, Ordre } from './thread.ts'

const THREAD = new URL('./thread.ts', import.meta.url)

/**
 * Checks a file in a thread of its own, so that pages go on being served; two at most at a time.
 * @param progres told now and then how many bytes have been read
 * @throws when the file cannot be read, or the thread dies
 */
export function controlerAilleurs(
  ordre: Ordre,
  progres: (octets: number) => void = () => undefined,
): Promise<Rapport> {
  return inTurn(
    () =>
      new Promise((resolve, reject) => {
        const thread = startThread(THREAD, {
          workerData: ordre,
          resourceLimits: { maxOldGenerationSizeMb: 128 },
        })
        thread.on('message', (nouvelle: Nouvelle) => {
          if ('octets' in nouvelle) progres(nouvelle.octets)
          else resolve(nouvelle.rapport)
        })
        thread.on('error', reject)
        thread.on('exit', (code) => reject(new Error(`the check of a FEC ended with code ${code}`)))
      }),
  )
}
