import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, open, readdir, rename, rm, stat, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Storage, StoredObject } from './contract.ts'
import { assertKey, assertPrefix, assertRange, isId } from './contract.ts'
import { ObjectMissing, StorageUnavailable, asStorageFault, errorCode } from './errors.ts'

/** Fewer turns of the loop than Node's 64 KB, at little memory. */
const CHUNK_BYTES = 256 * 1024
/** Below both, the disk counts as full: a share alone would waste a large disk. */
const FREE_SHARE = 0.05
const FREE_BYTES = 1024 ** 3

/** A folder of the disk: one sub-folder per organisme, one file per object. @throws StorageUnavailable */
export async function openLocal(root: string): Promise<Storage> {
  await faults(mkdir(root, { recursive: true, mode: 0o700 }))
  const pathOf = (key: string): string => {
    assertKey(key)
    return join(root, key)
  }
  return {
    async put(key, tempPath) {
      const target = pathOf(key)
      try {
        await putFile(root, target, tempPath)
      } catch (error) {
        await rm(tempPath, { force: true }).catch(() => undefined)
        throw asStorageFault(error)
      }
    },
    async open(key, range) {
      assertRange(range)
      const handle = await found(key, open(pathOf(key), 'r'))
      return handle.createReadStream({ highWaterMark: CHUNK_BYTES, ...range })
    },
    async size(key) {
      return (await found(key, stat(pathOf(key)))).size
    },
    async remove(key) {
      await faults(rm(pathOf(key), { force: true }))
    },
    list(organismeId) {
      assertPrefix(organismeId)
      return listFiles(root, organismeId)
    },
    check: () => faults(checkFolder(root)),
  }
}

async function putFile(root: string, target: string, tempPath: string): Promise<void> {
  const folder = join(target, '..')
  await settle(tempPath)
  await makeFolder(root, folder)
  try {
    await move(tempPath, target, root)
    await syncFolder(folder)
  } catch (error) {
    await rm(target, { force: true }).catch(() => undefined)
    throw error
  }
}

/** The bytes reach the disk before the name does, so that no crash leaves a torn object. */
async function settle(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.chmod(0o600)
    // The sweep of objects without row counts from the put, not from the upload.
    await handle.utimes(new Date(), new Date())
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Not recursive: when the root has gone (volume not mounted), nothing may be written in its place. */
async function makeFolder(root: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
    await syncFolder(root)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') gone(error)
  }
}

/** Rename, or copy beside and then rename when the temporary folder is on another volume. */
async function move(tempPath: string, target: string, root: string): Promise<void> {
  try {
    await rename(tempPath, target)
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error
    const beside = join(root, `.arrivee-${randomUUID()}`)
    try {
      await copyFile(tempPath, beside)
      await settle(beside)
      await rename(beside, target)
    } finally {
      await rm(beside, { force: true }).catch(() => undefined)
    }
    await unlink(tempPath)
  }
}

/** Without it the new name itself may be lost in a power cut (Windows has no such call). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function* listFiles(root: string, organismeId?: string): AsyncGenerator<StoredObject> {
  const all = await faults(readdir(root).catch(gone))
  for (const id of all.filter((name) => isId(name) && (organismeId ?? name) === name)) {
    for (const name of await faults(readdir(join(root, id)))) {
      if (!isId(name)) continue
      const found = await faults(stat(join(root, id, name)).catch(ignoreAbsent))
      if (found) yield { key: `${id}/${name}`, modifiedAt: found.mtime }
    }
  }
}

async function checkFolder(root: string): Promise<void> {
  const probe = join(root, `.essai-${randomUUID()}`)
  try {
    const handle = await open(probe, 'wx', 0o600)
    try {
      await handle.writeFile('essai')
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    gone(error)
  } finally {
    await rm(probe, { force: true })
  }
  const { bavail, blocks, bsize } = await statfs(root)
  if (bavail < blocks * FREE_SHARE && bavail * bsize < FREE_BYTES) {
    throw new StorageUnavailable('file storage: the disk is nearly full')
  }
}

function gone(error: unknown): never {
  if (errorCode(error) !== 'ENOENT') throw error
  throw new StorageUnavailable('file storage: the folder has gone', { cause: error })
}

function ignoreAbsent(error: unknown): undefined {
  if (errorCode(error) !== 'ENOENT') throw error
}

async function faults<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw asStorageFault(error)
  }
}

async function found<T>(key: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw errorCode(error) === 'ENOENT' ? new ObjectMissing(key) : asStorageFault(error)
  }
}
