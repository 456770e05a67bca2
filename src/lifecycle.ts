import type { Logger } from 'pino'
import { ConfigError } from './kernel/config.ts'
import { EmbeddedPostgresError } from './kernel/embedded-postgres.ts'
import { StorageUnavailable } from './kernel/files/errors.ts'

const STOP_WITHIN_MS = 10_000

/**
 * Stops the process cleanly on SIGTERM and SIGINT: `stop` has ten seconds, then it ends anyway; a second Ctrl-C ends it
 * at once. Returns the same stop, for a process that has a reason of its own.
 */
export function stopOnSignals(log: Logger, stop: () => Promise<void>): (status: number) => void {
  let stopping = false
  const begin = (status: number) => {
    stopping = true
    setTimeout(() => {
      log.error(`not stopped within ${STOP_WITHIN_MS / 1000} s: ending anyway`)
      process.exit(1)
    }, STOP_WITHIN_MS).unref()
    stop().then(
      () => process.exit(status),
      (error: unknown) => {
        log.error({ err: error }, 'the stop was not clean')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => {
    if (!stopping) begin(0)
  })
  process.on('SIGINT', () => {
    if (stopping) process.exit(1)
    begin(0)
  })
  // A connection that broke where nobody looked must not take the visitors of the others with it.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  return (status) => {
    if (!stopping) begin(status)
  }
}

/** Says on the console why the process could not start, and ends it. */
export function failToStart(error: unknown): never {
  const known =
    error instanceof ConfigError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof StorageUnavailable ||
    error instanceof PortTaken
  process.stderr.write(`${known ? error.message : String((error as Error).stack)}\n`)
  process.exit(1)
}

export class PortTaken extends Error {
  override name = 'PortTaken'
  constructor(port: number) {
    super(
      `Port ${port} is already in use, perhaps by another Parvis: stop it, or choose another port: ` +
        `PORT=${port + 1} npm start`,
    )
  }
}
