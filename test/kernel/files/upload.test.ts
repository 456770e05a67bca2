import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FSWatcher } from 'node:fs'
import { watch } from 'node:fs'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Request, Response } from 'express'
import express from 'express'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PIECES_JOINTES } from '../../../src/kernel/files/allow-list.ts'
import { FileRefused } from '../../../src/kernel/files/errors.ts'
import { discardTempFiles } from '../../../src/kernel/files/temp.ts'
import type { Upload, UploadFields } from '../../../src/kernel/files/upload.ts'
import { createUploader } from '../../../src/kernel/files/upload.ts'

const MO = 1024 * 1024

class Forbidden extends Error {}

let tempDir: string
let server: Server
let port: number
let watcher: FSWatcher
/** Names that appeared in the temporary folder, however briefly. */
let seen: Set<string>
/** What became of each request, in order of arrival. */
let outcomes: Promise<Upload>[]
let announced: UploadFields[]

beforeAll(async () => {
  tempDir = join(await mkdtemp(join(tmpdir(), 'parvis-upload-')), 'temp')
  const receive = createUploader(tempDir)
  const app = express()
  app.post('/', async (req: Request, res: Response) => {
    const outcome = receive(req, res, {
      rule: PIECES_JOINTES,
      maxFiles: 3,
      onFirstFile: (fields) => {
        announced.push({ ...fields })
        if (fields['_csrf'] !== 'bon') throw new Forbidden()
      },
    })
    outcome.catch(() => undefined)
    outcomes.push(outcome)
    try {
      const { fields, files } = await outcome
      const bodies = await Promise.all(files.map(async (file) => (await readFile(file.tempPath)).length))
      res.json({ fields, files: files.map(({ field, declaredName }, i) => [field, declaredName, bodies[i]]) })
      await discardTempFiles(files)
    } catch (error) {
      const status = error instanceof FileRefused ? error.status : error instanceof Forbidden ? 403 : 500
      res.status(status).json({ error: (error as Error).message.replace(/\u00a0/g, ' ') })
    }
  })
  server = app.listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  port = (server.address() as AddressInfo).port
  watcher = watch(tempDir, (_, name) => seen.add(String(name)))
})
beforeEach(() => {
  seen = new Set()
  outcomes = []
  announced = []
})
afterEach(async () => {
  // Removal may follow the answer to an abort by a moment.
  for (let i = 0; i < 50 && (await readdir(tempDir)).length > 0; i++) await wait(10)
  expect(await readdir(tempDir)).toEqual([])
})
afterAll(async () => {
  watcher.close()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await rm(join(tempDir, '..'), { recursive: true })
})

interface Answer {
  status: number
  fields?: UploadFields
  files?: [string, string, number][]
  error?: string
}

async function post(body: FormData | string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers })
  return { status: response.status, ...((await response.json()) as object) }
}

type Part = [name: string, value: string] | [name: string, value: Uint8Array<ArrayBuffer>, filename: string]

function form(...parts: Part[]): FormData {
  const data = new FormData()
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') data.append(name, value)
    else data.append(name, new Blob([value]), filename)
  }
  return data
}

const TOKEN: Part = ['_csrf', 'bon']
const file = (size: number, name = 'a.pdf', field = 'pieces'): Part => [field, new Uint8Array(size), name]

describe('uploads', () => {
  it('receives fields and files, names in UTF-8', async () => {
    const answer = await post(
      form(
        TOKEN,
        ['objet', 'Été'],
        ['a', '1'],
        ['a', '2'],
        file(10, 'relevé d’été "1".pdf'),
        file(5 * MO, 'b.PNG'),
      ),
    )
    expect(answer).toEqual({
      status: 200,
      fields: { _csrf: 'bon', objet: 'Été', a: ['1', '2'] },
      files: [
        ['pieces', 'relevé d’été "1".pdf', 10],
        ['pieces', 'b.PNG', 5 * MO],
      ],
    })
    expect(announced).toEqual([{ _csrf: 'bon', objet: 'Été', a: ['1', '2'] }])
  })

  it('stores no byte before the token is checked', async () => {
    expect(await post(form(['_csrf', 'mauvais'], file(3 * MO)))).toMatchObject({ status: 403 })
    expect(await post(form(file(3 * MO), TOKEN))).toMatchObject({ status: 403 })
    await wait(50)
    expect([...seen]).toEqual([])
  })

  it('checks the token once, also when no file comes', async () => {
    expect(await post(form(['_csrf', 'mauvais']))).toMatchObject({ status: 403 })
    expect(await post(form(TOKEN, file(0, '')))).toMatchObject({ status: 200, files: [] })
    expect(await post(form(TOKEN, file(1), file(1)))).toMatchObject({ status: 200 })
    expect(announced).toHaveLength(3)
  })

  it('refuses a file of 6 Mo with 413, the limit and the remedy', async () => {
    expect(await post(form(TOKEN, file(10), file(6 * MO, 'bilan.pdf')))).toEqual({
      status: 413,
      error:
        'Le fichier « bilan.pdf » dépasse la limite de 5 Mo. Réduisez-le ou envoyez-le en plusieurs fois.',
    })
  })

  it('refuses an extension at its name, before its bytes are stored', async () => {
    expect(await post(form(TOKEN, file(3 * MO, 'page.html')))).toMatchObject({ status: 422 })
    expect(await post(form(TOKEN, file(3 * MO, '../../etc/passwd')))).toMatchObject({ status: 422 })
    await wait(50)
    expect([...seen]).toEqual([])
  })

  it('refuses a fourth file', async () => {
    expect(await post(form(TOKEN, ...Array.from({ length: 3 }, () => file(10)), file(0, '')))).toMatchObject({
      status: 200,
    })
    expect(await post(form(TOKEN, ...Array.from({ length: 4 }, () => file(10))))).toEqual({
      status: 413,
      error:
        'Vous envoyez trop de fichiers à la fois ; la limite est de 3 fichiers. Répartissez-les en plusieurs envois.',
    })
  })

  it('refuses too many fields, a name too long, nested or deep, a text too long', async () => {
    const fields = (count: number): Part[] => Array.from({ length: count }, (_, i) => [`f${i}`, 'x'])
    expect(await post(form(TOKEN, ...fields(99), file(10)))).toMatchObject({ status: 200 })
    expect(await post(form(TOKEN, file(10), ...fields(100)))).toMatchObject({ status: 400 })
    expect(await post(form(TOKEN, file(10), ['f'.repeat(101), 'x']))).toMatchObject({ status: 400 })
    expect(await post(form(TOKEN, file(10), ['a[b]', 'x']))).toMatchObject({ status: 400 })
    expect(await post(form(TOKEN, file(10), [`a${'[b]'.repeat(30_000)}`, 'x']))).toMatchObject({
      status: 400,
    })
    expect(await post(form(TOKEN, file(10), ['t', 'x'.repeat(65_536)]))).toMatchObject({ status: 200 })
    expect(await post(form(TOKEN, file(10), ['t', 'x'.repeat(65_537)]))).toMatchObject({ status: 413 })
  })

  it('builds nothing from the names of fields', async () => {
    const { status } = await post(form(TOKEN, ['__proto__', 'x'], ['constructor', 'x'], file(10)))
    expect(status).toBe(200)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  it.each([
    ['no boundary', 'multipart/form-data', 'x'],
    ['another form', 'application/x-www-form-urlencoded', '_csrf=bon'],
    ['no end', 'multipart/form-data; boundary=b', multipart('a.pdf', 'abc').slice(0, -10)],
    ['a broken part', 'multipart/form-data; boundary=b', '--b\r\nContent-Disposition\r\n\r\nx\r\n--b--\r\n'],
    [
      'a part without name',
      'multipart/form-data; boundary=b',
      multipart('a.pdf', 'x').replaceAll(/ name="[^"]*";?/g, ''),
    ],
  ])('answers 400 to %s', async (_, type, body) => {
    expect(await post(body, { 'Content-Type': type })).toMatchObject({ status: 400 })
  })

  it('leaves nothing when the sender goes away, at whatever byte', async () => {
    const body = multipart('a.pdf', 'x'.repeat(2 * MO))
    const cuts = [20, 60, 120, 160, 190, 230, 300, 70_000, MO, 2 * MO, body.length - 3]
    for (const cut of cuts) await sendAndLeave(body, cut)
    for (let i = 0; i < 100 && outcomes.length < cuts.length; i++) await wait(10)
    const results = await Promise.allSettled(outcomes)
    expect(results.map(({ status }) => status)).toEqual(cuts.map(() => 'rejected'))
    expect(seen.size).toBeGreaterThan(3)
  })

  it('goes on serving after all that', async () => {
    expect(await post(form(TOKEN, file(10)))).toMatchObject({ status: 200 })
  })
})

function multipart(name: string, content: string): string {
  return [
    '--b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\nbon\r\n',
    `--b\r\nContent-Disposition: form-data; name="pieces"; filename="${name}"\r\nContent-Type: application/pdf\r\n\r\n`,
    `${content}\r\n--b--\r\n`,
  ].join('')
}

/** Announces the whole body, sends the beginning, and cuts the line without a word. */
async function sendAndLeave(body: string, cut: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const type = 'Content-Type: multipart/form-data; boundary=b'
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n`)
  await new Promise((sent) => socket.write(body.slice(0, cut), sent))
  await wait(cut % 3 === 0 ? 0 : 25)
  socket.resetAndDestroy()
}
