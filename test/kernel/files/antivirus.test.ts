import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { openAntivirus } from '../../../src/kernel/files/antivirus.ts'

/** The test file that every antivirus knows; in two pieces, so that none takes this file for it. */
const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-' + 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done))
})

/** The whole file, once the zero frame has come; undefined before; throws on another protocol. */
function unframe(sent: Buffer): Buffer | undefined {
  const command = sent.toString('latin1', 0, 10)
  if (!'zINSTREAM\0'.startsWith(command)) throw new Error(`unknown command ${command}`)
  const parts: Buffer[] = []
  for (let at = 10; at + 4 <= sent.length;) {
    const length = sent.readUInt32BE(at)
    at += 4
    if (length === 0) {
      if (at !== sent.length) throw new Error('bytes after the end')
      return Buffer.concat(parts)
    }
    parts.push(sent.subarray(at, at + length))
    at += length
  }
}

interface Peer {
  url: string
  files: Buffer[]
}

/** A peer that speaks INSTREAM as clamd does (clamd(8)), with its limit on the size of a stream. */
async function clamd(options: { path?: string; maxLength?: number } = {}): Promise<Peer> {
  const files: Buffer[] = []
  return listen(files, options.path, (socket) => {
    let sent = Buffer.alloc(0)
    socket.on('data', (data) => {
      sent = Buffer.concat([sent, data])
      if (sent.length > (options.maxLength ?? Infinity)) {
        socket.end('INSTREAM size limit exceeded. ERROR\0')
        return
      }
      const file = unframe(sent)
      if (!file) return
      files.push(file)
      socket.end(file.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0')
    })
  })
}

async function listen(
  files: Buffer[],
  path: string | undefined,
  serve: (socket: Socket) => void,
): Promise<Peer> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    serve(socket)
  })
  servers.push(server)
  await new Promise<void>((ready) =>
    path ? server.listen(path, ready) : server.listen(0, '127.0.0.1', ready),
  )
  const url = path ? `clamd://${path}` : `clamd://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, files }
}

function stream(...parts: (Buffer | string)[]): Readable {
  return Readable.from(parts.map((part) => Buffer.from(part)))
}

describe('antivirus', () => {
  it('sends the file as it is and hears that it is clean', async () => {
    const { url, files } = await clamd()
    const blocks = Array.from({ length: 12 }, () => randomBytes(256 * 1024))
    expect(await openAntivirus(url).scan(stream(...blocks))).toBe('sain')
    expect(files[0]?.equals(Buffer.concat(blocks))).toBe(true)
  })

  it('hears that the test virus is infected, also when it is cut in two blocks', async () => {
    const { url } = await clamd()
    expect(await openAntivirus(url).scan(stream(EICAR))).toBe('infecte')
    expect(await openAntivirus(url).scan(stream(EICAR.slice(0, 20), EICAR.slice(20)))).toBe('infecte')
  })

  it('does not end the file at an empty block', async () => {
    const { url } = await clamd()
    expect(await openAntivirus(url).scan(stream('abc', '', EICAR))).toBe('infecte')
  })

  it('speaks to a socket of the machine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parvis-clamd-'))
    const { url } = await clamd({ path: join(folder, 'clamd.ctl') })
    expect(await openAntivirus(url).scan(stream(EICAR))).toBe('infecte')
    expect(await openAntivirus(url).scan(stream('bonjour'))).toBe('sain')
    await rm(folder, { recursive: true })
  })

  it('is unavailable when nobody listens, and leaves no open stream', async () => {
    const { url } = await clamd()
    await new Promise((done) => servers.pop()?.close(done))
    const source = stream('x')
    expect(await openAntivirus(url).scan(source)).toBe('indisponible')
    expect(source.destroyed).toBe(true)
    expect(await openAntivirus('clamd:///nowhere/clamd.ctl').scan(stream('x'))).toBe('indisponible')
  })

  it('is unavailable for a file above the limit of clamd', async () => {
    const { url } = await clamd({ maxLength: 100_000 })
    const endless = Readable.from(
      (function* () {
        for (let i = 0; i < 400; i++) yield Buffer.alloc(65_536)
      })(),
    )
    expect(await openAntivirus(url).scan(endless)).toBe('indisponible')
  })

  it.each([
    ['cuts the line', (socket: Socket) => socket.destroy()],
    ['closes without a word', (socket: Socket) => socket.resume().end()],
    ['answers before it has everything', (socket: Socket) => socket.resume().write('stream: OK\0')],
    [
      'answers something else',
      (socket: Socket) =>
        socket.on('data', (d) => d.subarray(-4).equals(Buffer.alloc(4)) && socket.end('HTTP/1.1 200 OK\0')),
    ],
    [
      'answers half',
      (socket: Socket) =>
        socket.on('data', (d) => d.subarray(-4).equals(Buffer.alloc(4)) && socket.end('stream: OK')),
    ],
    ['never answers', (socket: Socket) => socket.resume(), 400],
    ['never reads', () => undefined, 400],
  ])('is unavailable when the peer %s', async (_, serve, timeoutMs = 60_000) => {
    const sockets: Socket[] = []
    const { url } = await listen([], undefined, (socket) => {
      sockets.push(socket)
      serve(socket)
    })
    const slow = Readable.from(
      (async function* () {
        for (let i = 0; i < 200; i++) {
          yield Buffer.alloc(65_536, 'x')
          if (i === 1) await new Promise((r) => setTimeout(r, 30))
        }
      })(),
    )
    expect(await openAntivirus(url, timeoutMs).scan(slow)).toBe('indisponible')
    for (const socket of sockets) socket.destroy()
  })

  it('is unavailable when the file cannot be read, or comes too slowly', async () => {
    const { url } = await clamd()
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('x')
        throw new Error('EIO')
      })(),
    )
    expect(await openAntivirus(url).scan(broken)).toBe('indisponible')
    expect(await openAntivirus(url, 100).scan(new Readable({ read: () => undefined }))).toBe('indisponible')
  })

  it.each(['http://localhost:3310', 'clamd://', 'clamd://localhost', 'clamd:///'])(
    'refuses the address %s',
    (url) => {
      expect(() => openAntivirus(url)).toThrow(TypeError)
    },
  )
})
