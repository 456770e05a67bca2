import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { SMTPServer } from 'smtp-server'
import { keepCaught } from './caught.ts'

export interface Catcher {
  /** For the mailer. */
  url: string
  stop(): Promise<void>
}

const LARGEST_BYTES = 1024 * 1024

/** An SMTP server on this machine that delivers nothing: every mail becomes a file of the folder. */
export async function startCatcher(folder: string): Promise<Catcher> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    size: LARGEST_BYTES,
    onData(stream, _session, done) {
      readAll(stream)
        .then((raw) => keepCaught(folder, raw))
        .then(
          () => done(),
          (error: Error) => done(error),
        )
    },
  })
  server.on('error', () => undefined) // a connection cut short; the mailer sends again
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
