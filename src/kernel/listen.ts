import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** A connection that only hears. */
export interface Ear {
  close(): Promise<void>
}

const RETRY_MS = 5_000

/**
 * Listens on a channel of Postgres, on a connection of its own, for as long as the process lives. Where notifications
 * do not come through (a pooler that shares connections) nothing is lost: what they announce is read again anyway.
 * @param channel a name of ours, never typed by anybody
 */
export function listenTo(
  url: string,
  channel: string,
  heard: () => void,
  onError: (error: Error) => void,
): Ear {
  const stop = new AbortController()
  let client: pg.Client | undefined
  const listen = async () => {
    while (!stop.signal.aborted) {
      client = new pg.Client({ connectionString: url, keepAlive: true })
      const gone = new Promise<void>((resolve) => client!.once('end', resolve))
      client.on('error', (error) => void (stop.signal.aborted || onError(error)))
      client.on('notification', heard)
      try {
        await client.connect()
        await client.query(`listen ${pg.escapeIdentifier(channel)}`)
        heard() // what was said while nobody listened
        await gone
      } catch (error) {
        if (!stop.signal.aborted) onError(error as Error)
        await client.end().catch(() => undefined)
      }
      await sleep(RETRY_MS, undefined, { signal: stop.signal, ref: false }).catch(() => undefined)
    }
  }
  const listening = listen()
  return {
    async close() {
      stop.abort()
      await client?.end().catch(() => undefined)
      await listening
    },
  }
}
