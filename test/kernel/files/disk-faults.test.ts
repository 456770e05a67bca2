import { execFile, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLocal } from '../../../src/kernel/files/local.ts'
import { sweepTempFiles } from '../../../src/kernel/files/temp.ts'
import { all, read } from './storage-contract.ts'

const LOOP = join(import.meta.dirname, 'put-loop.ts')
const ONE = join(import.meta.dirname, 'put-one.ts')
const UPLOAD = join(import.meta.dirname, 'upload-one.ts')
const NODE = [process.execPath, '--import', 'tsx']
const run = promisify(execFile)

/** A small disk of our own, in a name space that vanishes with the process; not every machine allows it. */
const SMALL_DISK = 'mount -t tmpfs -o size=1m none "$1" && mkdir "$1/fichiers" && shift && exec "$@"'
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /mnt']).status === 0
const canInject = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parvis-faults-'))
  for (const name of ['disk', 'temp', 'fichiers']) await mkdir(join(folder, name))
})
afterAll(() => rm(folder, { recursive: true }))

describe('storage in a folder, when the machine fails', () => {
  it('leaves no torn object when the process is killed, and the sweep takes the rest', async () => {
    const root = join(folder, 'fichiers')
    const temp = join(folder, 'temp')
    for (const life of [80, 200]) {
      const child = spawn(NODE[0] ?? '', [...NODE.slice(1), LOOP, root, temp], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      await wait(life)
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    const storage = await openLocal(root)
    const objects = await all(storage)
    expect(objects.length).toBeGreaterThan(5)
    for (const { key } of objects) {
      const content = await read(storage, key)
      const hash = createHash('sha256').update(content.subarray(32)).digest()
      expect(hash.equals(content.subarray(0, 32)), key).toBe(true)
    }
    await sweepTempFiles(temp, new Date(Date.now() + 1_000))
    expect(await readdir(temp)).toEqual([])
  })

  it.runIf(canMount)('answers unavailable on a full disk: no object, no temporary file', async () => {
    const disk = join(folder, 'disk')
    const command = [disk, ...NODE, ONE, join(disk, 'fichiers'), join(folder, 'temp'), '3000000']
    const { stdout } = await run('unshare', ['-rm', 'sh', '-c', SMALL_DISK, 'sh', ...command])
    expect(JSON.parse(stdout)).toEqual({
      put: 'StorageUnavailable',
      cause: 'ENOSPC',
      check: 'StorageUnavailable',
      objects: 0,
      left: [],
      temp: [],
    })
  })

  it.runIf(canMount)(
    'refuses an upload that fills the disk as unavailable and removes what had arrived',
    async () => {
      const disk = join(folder, 'disk')
      const command = [disk, ...NODE, UPLOAD, join(disk, 'temp'), '3000000']
      const { stdout } = await run('unshare', ['-rm', 'sh', '-c', SMALL_DISK, 'sh', ...command])
      expect(JSON.parse(stdout)).toEqual({ upload: 'StorageUnavailable', cause: 'ENOSPC', temp: [] })
    },
  )

  it.runIf(canInject).each([
    // The third is that of the folder, when the object already has its name.
    ['fsync:error=EIO:when=3', 'EIO'],
    ['rename:error=EROFS', 'EROFS'],
  ])('answers unavailable under %s: no object, no temporary file', async (fault, code) => {
    const call = fault.replace(/:.*/, '')
    const trace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${fault}`]
    const root = await mkdtemp(join(folder, 'inject-'))
    // strace counts the calls of each thread: with one, the third is the third.
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1' }
    const { stdout } = await run('strace', [...trace, ...NODE, ONE, root, join(folder, 'temp'), '1000'], {
      env,
    })
    expect(JSON.parse(stdout)).toMatchObject({
      put: 'StorageUnavailable',
      cause: code,
      objects: 0,
      left: [],
      temp: [],
    })
  })

  it.runIf(canInject)(
    'writes the bytes to the disk before the name, and the name before it says done',
    async () => {
      const root = await mkdtemp(join(folder, 'order-'))
      const log = join(folder, 'order.log')
      const trace = ['-f', '-qq', '-y', '-e', 'trace=fsync,rename', '-o', log]
      await run('strace', [...trace, ...NODE, ONE, root, join(folder, 'temp'), '1000'])
      const calls = (await readFile(log, 'utf8')).matchAll(/(?:fsync\(\d+<|rename\(")([^>"]+)/g)
      const steps = [...calls].map(
        ([call, path = '']) => `${call.slice(0, 6)} ${path.replace(/[0-9a-f-]{36}/g, '*')}`,
      )
      const temp = join(folder, 'temp')
      expect(steps.slice(0, 4)).toEqual([
        `fsync( ${temp}/*`,
        `fsync( ${root}`,
        `rename ${temp}/*`,
        `fsync( ${root}/*`,
      ])
    },
  )
})
