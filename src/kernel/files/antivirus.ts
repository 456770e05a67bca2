import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export type Verdict = 'sain' | 'infecte' | 'indisponible'

export interface Antivirus {
  /**
   * Sends the stream to clamd; it is consumed or destroyed, whatever the outcome. Never throws: an error, a
   * silence, an answer that we do not know or a file above clamd's own limit is « indisponible », and the
   * file is scanned again later.
   */
  scan(stream: Readable): Promise<Verdict>
}

const LONGEST_REPLY = 4096

/**
 * The clamd at `clamd://host:port` or `clamd:///path/of/socket`. `timeoutMs` is for a whole scan.
 * @throws TypeError on another form
 */
export function openAntivirus(url: string, timeoutMs = 60_000): Antivirus {
  const { protocol, hostname, port, pathname } = new URL(url)
  const remote = hostname !== '' && port !== ''
  if (protocol !== 'clamd:' || (!remote && (hostname !== '' || pathname.length < 2))) {
    throw new TypeError('antivirus address: clamd://host:port or clamd:///path/of/socket')
  }
  const target = remote
    ? { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
    : { path: decodeURIComponent(pathname) }
  return {
    async scan(stream) {
      const socket = connect(target)
      try {
        return verdictOf(await converse(socket, stream, AbortSignal.timeout(timeoutMs)))
      } catch {
        return 'indisponible'
      } finally {
        socket.destroy()
      }
    },
  }
}

/** One command of the clamd protocol (clamd(8), INSTREAM): sends everything, gives the reply. */
async function converse(socket: Socket, stream: Readable, signal: AbortSignal): Promise<string> {
  let sent = false
  const reply = new Promise<string>((resolve, reject) => {
    let text = ''
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1')
      if (!sent || text.length > LONGEST_REPLY) reject(new Error('clamd: unexpected reply'))
      if (text.endsWith('\0')) resolve(text.slice(0, -1))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('clamd: closed without a reply')))
    signal.addEventListener('abort', () => reject(new Error('clamd: timeout')))
  })
  reply.catch(() => undefined)
  const frames = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    yield Buffer.from('zINSTREAM\0')
    for await (const chunk of source) {
      // An empty frame would mean the end of the file.
      if (chunk.length === 0) continue
      yield lengthOf(chunk.length)
      yield chunk
    }
    sent = true
    yield lengthOf(0)
  }
  // Whichever comes first: a reply before the end (size limit) is a failure even while we are still sending.
  await Promise.race([pipeline(stream, frames, socket, { end: false, signal }), reply])
  return reply
}

/** Four bytes, network order. */
function lengthOf(bytes: number): Buffer {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32BE(bytes)
  return prefix
}

function verdictOf(reply: string): Verdict {
  if (reply === 'stream: OK') return 'sain'
  return /^stream: .+ FOUND$/.test(reply) ? 'infecte' : 'indisponible'
}
