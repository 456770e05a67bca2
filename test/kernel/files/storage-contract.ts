import { randomBytes, randomUUID } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { Defect } from '../../../src/kernel/errors.ts'
import { ObjectMissing } from '../../../src/kernel/files/errors.ts'
import type { ByteRange, Storage, StoredObject } from '../../../src/kernel/files/storage.ts'

export function newKey(organisme: string = randomUUID()): string {
  return `${organisme}/${randomUUID()}`
}

export async function tempFile(folder: string, content: Buffer | string): Promise<string> {
  const path = join(folder, randomBytes(8).toString('hex'))
  await writeFile(path, content)
  return path
}

export async function read(storage: Storage, key: string, range?: ByteRange): Promise<Buffer> {
  const stream: Readable = await storage.open(key, range)
  return Buffer.concat((await stream.toArray()) as Buffer[])
}

export async function all(storage: Storage, organisme?: string): Promise<StoredObject[]> {
  const found: StoredObject[] = []
  for await (const object of storage.list(organisme)) found.push(object)
  return found
}

/** What every storage keeps to, tried on a real one. `tempDir` is empty before and after each test. */
export function itKeepsTheContract(subject: () => { storage: Storage; tempDir: string }): void {
  it('takes the temporary file over and gives its bytes back, whole and in part', async () => {
    const { storage, tempDir } = subject()
    const key = newKey()
    const content = randomBytes(700_001)
    await storage.put(key, await tempFile(tempDir, content))
    expect(await readdir(tempDir)).toEqual([])
    expect(await storage.size(key)).toBe(content.length)
    expect((await read(storage, key)).equals(content)).toBe(true)
    expect(
      (await read(storage, key, { start: 300_000, end: 600_000 })).equals(content.subarray(300_000, 600_001)),
    ).toBe(true)
    expect((await read(storage, key, { start: 700_000, end: 700_000 })).equals(content.subarray(-1))).toBe(
      true,
    )
  })

  it('lists all, or those of one organisme, with the time of the put', async () => {
    const { storage, tempDir } = subject()
    const before = Date.now() - 2_000
    const mine = newKey()
    const mineToo = newKey(mine.slice(0, 36))
    const other = newKey()
    for (const key of [mine, mineToo, other]) await storage.put(key, await tempFile(tempDir, key))
    const keys = (await all(storage)).map(({ key }) => key)
    expect(keys).toEqual(expect.arrayContaining([mine, mineToo, other]))
    const listed = await all(storage, mine.slice(0, 36))
    expect(listed.map(({ key }) => key).sort()).toEqual([mine, mineToo].sort())
    for (const { modifiedAt } of listed) expect(modifiedAt.getTime()).toBeGreaterThan(before)
    expect(await all(storage, randomUUID())).toEqual([])
  })

  it('removes, and removes again without complaint', async () => {
    const { storage, tempDir } = subject()
    const key = newKey()
    await storage.put(key, await tempFile(tempDir, 'x'))
    await storage.remove(key)
    await storage.remove(key)
    expect(await all(storage, key.slice(0, 36))).toEqual([])
  })

  it('says which object is missing', async () => {
    const { storage } = subject()
    const key = newKey()
    await expect(storage.open(key)).rejects.toThrow(ObjectMissing)
    await expect(storage.size(key)).rejects.toMatchObject({ name: 'ObjectMissing', key })
  })

  it('refuses a key or a range of another shape, before touching anything', async () => {
    const { storage, tempDir } = subject()
    const id = randomUUID()
    const temp = await tempFile(tempDir, 'x')
    const keys = [
      '',
      id,
      `${id}/..`,
      `../${id}`,
      `${id}/../${id}`,
      `/${id}/${id}`,
      `${id}/${id}/`,
      `${id}\\${id}`,
    ]
    for (const key of [...keys, `${id}/${id}\n`, `${id}/${id.toUpperCase()}A`, newKey().toUpperCase()]) {
      await expect(storage.put(key, temp), key).rejects.toThrow(Defect)
      await expect(storage.open(key), key).rejects.toThrow(Defect)
      await expect(storage.size(key), key).rejects.toThrow(Defect)
      await expect(storage.remove(key), key).rejects.toThrow(Defect)
    }
    expect(() => storage.list('..')).toThrow(Defect)
    await expect(storage.open(newKey(), { start: 5, end: 4 })).rejects.toThrow(Defect)
    await expect(storage.open(newKey(), { start: -1, end: 4 })).rejects.toThrow(Defect)
    await storage.put(newKey(), temp)
  })

  it('is usable', () => subject().storage.check())
}
