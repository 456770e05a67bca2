import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { type Portal, type Visitor, startPortal } from '../support/portal.ts'

let portal: Portal
let solene: Visitor
beforeAll(async () => {
  portal = await startPortal({ env: { BODY_SECONDS: '1' } })
  solene = await portal.login('estuaire', '657')
})

interface Line {
  socket: Socket
  /** All that the server said, once it has closed or answered. */
  answer: Promise<string>
}

/** A line on which we send what we like, when we like; `length` bytes are announced. */
async function line(path: string, type: string, length: number, who?: Visitor): Promise<Line> {
  const socket = connect(portal.port, '127.0.0.1')
  await once(socket, 'connect')
  let said = ''
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('\r\n\r\n')) resolve(said)
    })
    socket.on('close', () => resolve(said))
  })
  socket.on('error', () => undefined)
  const cookie = who ? `cookie: ${[...who.cookies].map((one) => one.join('=')).join('; ')}\r\n` : ''
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: localhost:${portal.port}\r\n${cookie}content-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`,
  )
  return { socket, answer }
}

const TYPE = 'multipart/form-data; boundary=b'
const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const form = () =>
  part('_csrf', solene.csrf) +
  part('genre', 'autre') +
  part('message', '') +
  '--b\r\nContent-Disposition: form-data; name="fichiers"; filename="balance.csv"\r\n\r\n'

test.concurrent(
  'a file that keeps coming may take several times as long as a form',
  async () => {
    const chunks = Array.from({ length: 15 }, () => 'compte;montant;libelle\n'.repeat(20))
    const body = `${form()}${chunks.join('')}\r\n--b--\r\n`
    const { socket, answer } = await line('/transferts', TYPE, body.length, solene)
    const begun = performance.now()
    socket.write(form())
    for (const chunk of chunks) {
      await sleep(180)
      socket.write(chunk)
    }
    socket.write('\r\n--b--\r\n')
    expect(await answer).toMatch(/^HTTP\/1\.1 303 /)
    expect(performance.now() - begun).toBeGreaterThan(2_500)
    socket.destroy()
  },
  20_000,
)

test.concurrent(
  'a file that stops coming, or drips, is cut, and leaves nothing',
  async () => {
    const { rows: before } = await portal.owner.query('select count(*) from transferts')
    for (const drip of [false, true]) {
      const { socket, answer } = await line('/transferts', TYPE, 100_000, solene)
      socket.write(`${form()}compte;montant\n`)
      const timer = setInterval(() => drip && socket.write('a'), 100)
      expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
      clearInterval(timer)
      socket.destroy()
    }
    const { rows } = await portal.owner.query('select count(*) from transferts')
    expect(rows).toEqual(before)
  },
  20_000,
)

test.concurrent(
  'a form has its time and no more, and so has a file of somebody unknown, and a body that nobody reads',
  async () => {
    const plain = 'application/x-www-form-urlencoded'
    const lines = [
      ['/profil/courriel', plain, solene],
      ['/connexion', plain, undefined],
      ['/transferts', TYPE, undefined],
      ['/nulle-part', plain, solene],
    ] as const
    await Promise.all(
      lines.map(async ([path, type, who]) => {
        const { socket } = await line(path, type, 100_000, who)
        const begun = performance.now()
        const timer = setInterval(() => socket.write('a=b&'.repeat(400)), 150)
        await once(socket, 'close')
        clearInterval(timer)
        const seconds = (performance.now() - begun) / 1000
        expect([path, seconds > 0.9 && seconds < 3]).toEqual([path, true])
      }),
    )
  },
  20_000,
)

test('a body that does not come is not answered in the place of the request before it', async () => {
  const holder = await portal.owner.connect()
  await holder.query('begin; lock table actualites in access exclusive mode')
  const socket = connect(portal.port, '127.0.0.1')
  await once(socket, 'connect')
  let said = ''
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const cookie = [...solene.cookies].map((one) => one.join('=')).join('; ')
  const head = (start: string) =>
    `${start} HTTP/1.1\r\nhost: localhost:${portal.port}\r\ncookie: ${cookie}\r\n`
  const form = 'content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n'
  socket.write(`${head('GET /actualites')}\r\n${head('POST /profil/courriel')}${form}\r\na=b`)
  await once(socket, 'close')
  await holder.query('rollback')
  holder.release()
  expect(said).toBe('')
})
