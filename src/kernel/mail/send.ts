import { createTransport } from 'nodemailer'
import { Defect } from '../errors.ts'
import { displayName, isOneAddress } from './address.ts'
import type { RenderedMail } from './render.ts'

export interface Outgoing extends RenderedMail {
  /** Of the row: the same mail sent twice after a crash carries the same Message-ID. */
  id: string
  /** Host of the organisme, and its code, for whoever sorts what comes back. */
  host: string
  organisme: string
  from: { name: string; address: string }
  to: { name: string; address: string }
}

export interface Mailer {
  /** Hands the mail to the SMTP server. Throws what the server or the network said; gives up after a minute at most. */
  send(mail: Outgoing): Promise<void>
  close(): void
}

const TIMEOUTS = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  dnsTimeout: 10_000,
  socketTimeout: 40_000,
}

/** A pool of connections to `smtp://user:password@host:port` (or `smtps:`), opened when the first mail leaves. */
export function openMailer(url: string): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    maxMessages: 100,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...TIMEOUTS,
  })
  return {
    async send(mail) {
      if (!isOneAddress(mail.to.address)) throw new Defect('a mail to something that is not one address')
      await transport.sendMail({
        from: { name: displayName(mail.from.name), address: mail.from.address },
        to: { name: displayName(mail.to.name), address: mail.to.address },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        messageId: `<${mail.id}@${mail.host}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Parvis-Organisme': mail.organisme },
      })
    },
    close: () => transport.close(),
  }
}
