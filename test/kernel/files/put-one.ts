/* A process that puts one object of a given size and says how it went, as JSON; started under a failing disk. */
import { randomUUID } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLocal } from '../../../src/kernel/files/local.ts'
import { all } from './storage-contract.ts'

const [root = '', temp = '', size = ''] = process.argv.slice(2)
const storage = await openLocal(root)
const path = join(temp, randomUUID())
await writeFile(path, Buffer.alloc(Number(size)))

const { name, cause } = await storage.put(`${randomUUID()}/${randomUUID()}`, path).then(
  () => ({ name: 'done', cause: undefined }),
  (error: Error & { cause?: { code?: string } }) => error,
)
// Fill what is left, so that the check meets a full disk too.
await writeFile(join(root, 'filler'), Buffer.alloc(Number(size))).catch(() => undefined)
const check = await storage.check().then(
  () => 'usable',
  (error: Error) => error.name,
)
process.stdout.write(
  JSON.stringify({
    put: name,
    cause: cause?.code,
    check,
    objects: (await all(storage)).length,
    left: (await readdir(root)).filter((one) => one.startsWith('.')),
    temp: await readdir(temp),
  }),
)
