/* A process that puts object after object until it is killed. Each begins with the hash of the rest. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLocal } from '../../../src/kernel/files/local.ts'

const [root = '', temp = ''] = process.argv.slice(2)
const storage = await openLocal(root)
const organisme = randomUUID()
process.stdout.write('ready\n')
for (;;) {
  const body = randomBytes(200_000)
  const path = join(temp, randomUUID())
  await writeFile(path, Buffer.concat([createHash('sha256').update(body).digest(), body]))
  await storage.put(`${organisme}/${randomUUID()}`, path)
}
