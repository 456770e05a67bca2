import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface Delivered {
  /** Of the SMTP conversation: who really gets it. */
  recipients: string[]
  raw: string
  mail: Email
}

/** A real SMTP server that keeps what it takes, and refuses while `refuse` is a sentence, or what is for `refuseTo`. */
export interface SmtpSink {
  url: string
  port: number
  delivered: Delivered[]
  /** Conversations begun. */
  tries: number
  refuse: string | undefined
  refuseTo?: string | undefined
  stop(): Promise<void>
}

export async function startSmtp(port = 0): Promise<SmtpSink> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onMailFrom(_address, _session, done) {
      sink.tries++
      done(sink.refuse === undefined ? null : Object.assign(new Error(sink.refuse), { responseCode: 451 }))
    },
    onRcptTo({ address }, _session, done) {
      const refused = address === sink.refuseTo
      done(refused ? Object.assign(new Error('not now'), { responseCode: 450 }) : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const raw = Buffer.concat(chunks)
        void PostalMime.parse(raw).then((mail) => {
          sink.delivered.push({
            recipients: session.envelope.rcptTo.map((to) => to.address),
            raw: raw.toString('utf8'),
            mail,
          })
          done()
        })
      })
    },
  })
  server.on('error', () => undefined)
  const listening = server.listen(port, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address() as AddressInfo
  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    delivered: [],
    tries: 0,
    refuse: undefined,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return sink
}
