import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, mkdir, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StorageUnavailable } from '../../../src/kernel/files/errors.ts'
import type { Storage } from '../../../src/kernel/files/storage.ts'
import { openStorage } from '../../../src/kernel/files/storage.ts'
import { all, itKeepsTheContract, newKey, read, tempFile } from './storage-contract.ts'

let folder: string
let tempDir: string
let server: S3rver
let port: number
let storage: Storage

function start(at: number): Promise<{ port: number }> {
  const directory = join(folder, 'objects')
  server = new S3rver({
    port: at,
    address: '127.0.0.1',
    directory,
    silent: true,
    configureBuckets: [{ name: 'parvis-test' }],
  })
  return server.run()
}

async function stop(): Promise<void> {
  const closed = server.close()
  server.httpServer.closeAllConnections()
  await closed
}

function open(bucket: string, at = port): Promise<Storage> {
  return openStorage(`s3://S3RVER:S3RVER@127.0.0.1:${at}/${bucket}?region=fr-par&tls=0`)
}

/** A store that answers as the test wants; s3rver cannot page on OpenSSL 3 (its tokens are made with DES). */
async function listen(answer: RequestListener): Promise<{ port: number; close: () => void }> {
  const peer = createServer(answer)
  await new Promise<void>((ready) => peer.listen(0, '127.0.0.1', ready))
  const close = (): void => {
    peer.closeAllConnections()
    peer.close()
  }
  return { port: (peer.address() as AddressInfo).port, close }
}

/** An answer to ListObjectsV2. */
function listPage(keys: string[], next: number | undefined): string {
  const contents = keys.map(
    (key) =>
      `<Contents><Key>${key}</Key><LastModified>2026-01-05T08:00:00.000Z</LastModified><Size>1</Size></Contents>`,
  )
  const token = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parvis-s3-'))
  tempDir = join(folder, 'temp')
  await mkdir(tempDir)
  await mkdir(join(folder, 'objects'))
  port = (await start(0)).port
  storage = await open('parvis-test')
})
afterAll(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

describe('storage in a bucket', () => {
  itKeepsTheContract(() => ({ storage, tempDir }))

  it('sends a large file in parts and gives the same bytes back', async () => {
    const key = newKey()
    const content = randomBytes(17 * 1024 * 1024 + 1)
    await storage.put(key, await tempFile(tempDir, content))
    expect(await storage.size(key)).toBe(content.length)
    expect((await read(storage, key)).equals(content)).toBe(true)
  })

  it('lists beyond one answer of the store, and only what is an object of ours', async () => {
    const pages = [[newKey(), 'README'], [newKey(), `${newKey()}/x`], [newKey()]]
    const peer = await listen((req, res) => {
      const at = Number(new URL(req.url ?? '', 'http://x').searchParams.get('continuation-token'))
      res.setHeader('Content-Type', 'application/xml')
      res.end(listPage(pages[at] ?? [], at + 1 < pages.length ? at + 1 : undefined))
    })
    const keys = (await all(await open('parvis-test', peer.port))).map(({ key }) => key)
    expect(keys).toEqual(pages.map(([key]) => key))
    peer.close()
  })

  it('is unavailable within three seconds when the store takes the request and says nothing', async () => {
    const peer = await listen(() => undefined)
    const started = Date.now()
    await expect((await open('parvis-test', peer.port)).check()).rejects.toThrow(StorageUnavailable)
    expect(Date.now() - started).toBeLessThan(3_000)
    peer.close()
  })

  it('is unavailable, not empty, when the bucket is wrong', async () => {
    const wrong = await open('another-bucket')
    await expect(wrong.check()).rejects.toThrow(StorageUnavailable)
    const failure: unknown = await wrong.open(newKey()).catch((error: unknown) => error)
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('S3RVER')
    await expect(wrong.size(newKey())).rejects.toThrow(StorageUnavailable)
    await expect(wrong.open(newKey())).rejects.toThrow(StorageUnavailable)
    await expect(all(wrong)).rejects.toThrow(StorageUnavailable)
    await expect(wrong.put(newKey(), await tempFile(tempDir, 'x'))).rejects.toThrow(StorageUnavailable)
    expect(await readdir(tempDir)).toEqual([])
  })

  it('is unavailable while the server is down, without a word of the secret, and works again after', async () => {
    const key = newKey()
    await storage.put(key, await tempFile(tempDir, 'x'))
    // Made before the calls begin: a refused connection must never come before its handler.
    const upload = await tempFile(tempDir, 'x')
    await stop()
    const failures = await Promise.all(
      [
        storage.check(),
        storage.size(key),
        storage.open(key),
        storage.remove(key),
        all(storage),
        storage.put(newKey(), upload),
      ].map((work) => work.catch((error: unknown) => error)),
    )
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(StorageUnavailable)
      expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('S3RVER')
    }
    expect(await readdir(tempDir)).toEqual([])
    await start(port)
    expect((await read(storage, key)).toString()).toBe('x')
  })
})
