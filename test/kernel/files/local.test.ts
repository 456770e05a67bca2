import { randomUUID } from 'node:crypto'
import { mkdtemp, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StorageUnavailable, asStorageFault } from '../../../src/kernel/files/errors.ts'
import type { Storage } from '../../../src/kernel/files/storage.ts'
import { openStorage } from '../../../src/kernel/files/storage.ts'
import { sweepTempFiles } from '../../../src/kernel/files/temp.ts'
import { all, itKeepsTheContract, newKey, tempFile } from './storage-contract.ts'

let folder: string
let root: string
let tempDir: string
let storage: Storage

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parvis-local é-'))
  root = join(folder, 'fichiers')
  tempDir = join(folder, 'temp')
  await mkdir(tempDir)
  storage = await openStorage(pathToFileURL(root).href)
})
afterAll(() => rm(folder, { recursive: true }))

describe('storage in a folder', () => {
  itKeepsTheContract(() => ({ storage, tempDir }))

  it('keeps files from the other accounts of the machine', async () => {
    const key = newKey()
    await storage.put(key, await tempFile(tempDir, 'x'))
    expect((await stat(join(root, key))).mode & 0o777).toBe(0o600)
    expect((await stat(join(root, key, '..'))).mode & 0o777).toBe(0o700)
    expect((await stat(root)).mode & 0o777).toBe(0o700)
  })

  it('counts the age of an object from its put, not from its upload', async () => {
    const key = newKey()
    const temp = await tempFile(tempDir, 'x')
    await utimes(temp, new Date(0), new Date(0))
    await storage.put(key, temp)
    const [object] = await all(storage, key.slice(0, 36))
    expect(Date.now() - (object?.modifiedAt.getTime() ?? 0)).toBeLessThan(60_000)
  })

  it('reads in blocks of 256 KB', async () => {
    const key = newKey()
    await storage.put(key, await tempFile(tempDir, Buffer.alloc(600_000)))
    const sizes: number[] = []
    for await (const chunk of await storage.open(key)) sizes.push((chunk as Buffer).length)
    expect(sizes).toEqual([262_144, 262_144, 600_000 - 2 * 262_144])
  })

  it('lists nothing that is not an object', async () => {
    await mkdir(join(root, 'lost+found'))
    await writeFile(join(root, '.arrivee-x'), '')
    await mkdir(join(root, randomUUID()))
    for (const { key } of await all(storage)) expect(key).toMatch(/^[0-9a-f-]{36}\/[0-9a-f-]{36}$/)
  })

  it('leaves no probe behind when it is asked whether it is usable', async () => {
    const before = await readdir(root)
    await storage.check()
    expect(await readdir(root)).toEqual(before)
  })

  it('is unavailable when its folder has gone, writes nothing in its place and removes the temporary file', async () => {
    const away = `${root}-away`
    await rename(root, away)
    try {
      await expect(storage.put(newKey(), await tempFile(tempDir, 'x'))).rejects.toThrow(StorageUnavailable)
      await expect(storage.check()).rejects.toThrow(StorageUnavailable)
      await expect(all(storage)).rejects.toThrow(StorageUnavailable)
      expect(await readdir(tempDir)).toEqual([])
      expect(await readdir(folder)).not.toContain('fichiers')
      await writeFile(root, 'a file where the folder was')
      await expect(storage.put(newKey(), await tempFile(tempDir, 'x'))).rejects.toThrow(StorageUnavailable)
      await expect(storage.check()).rejects.toThrow(StorageUnavailable)
      await expect(storage.size(newKey())).rejects.toThrow(StorageUnavailable)
      expect(await readdir(tempDir)).toEqual([])
    } finally {
      await rm(root, { force: true })
      await rename(away, root)
    }
  })

  it('does not call a fault of ours a fault of the disk', async () => {
    await expect(storage.put(newKey(), join(tempDir, 'never-written'))).rejects.toMatchObject({
      code: 'ENOENT',
    })
  })

  it.each(['ENOSPC', 'EIO', 'EROFS', 'EDQUOT'])('calls %s unavailable and keeps the cause', (code) => {
    const cause = Object.assign(new Error(code), { code })
    expect(asStorageFault(cause)).toMatchObject({ name: 'StorageUnavailable', cause })
    expect(asStorageFault(new TypeError('x'))).toBeInstanceOf(TypeError)
  })

  it.each([
    '',
    'ftp://x/y',
    'file://host/x',
    '/var/x',
    's3://host/bucket',
    's3://k:s@host/',
    's3://k:s@host/a/b',
  ])('refuses the address %j without repeating it', async (url) => {
    const error: unknown = await openStorage(url).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(TypeError)
    if (url) expect(String(error)).not.toContain(url)
  })

  it('sweeps old temporary files and leaves the uploads under way', async () => {
    const old = await tempFile(tempDir, 'old')
    await utimes(old, new Date(0), new Date(0))
    const young = await tempFile(tempDir, 'young')
    expect(await sweepTempFiles(tempDir, new Date(Date.now() - 86_400_000))).toBe(1)
    expect((await readdir(tempDir)).map((name) => join(tempDir, name))).toEqual([young])
    await rm(young)
  })
})
