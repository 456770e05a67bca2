import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { rescanWaiting } from '../../../src/kernel/files/scan.ts'
import { downloadable, storeFile } from '../../../src/kernel/files/store.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

/** What scanners know as a virus, in two pieces, so that none takes this file for it. */
const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-' + 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'

let clamd: Server
let port = 0
let portal: Portal

async function startClamd(): Promise<void> {
  clamd = createServer((socket: Socket) => {
    let sent = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      sent = Buffer.concat([sent, data])
      if (sent.subarray(-4).equals(Buffer.alloc(4))) {
        socket.end(sent.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0')
      }
    })
  })
  clamd.listen(port, '127.0.0.1')
  await once(clamd, 'listening')
  port = (clamd.address() as AddressInfo).port
}

async function stopClamd(): Promise<void> {
  clamd.close()
  await once(clamd, 'close')
}

beforeAll(async () => {
  await startClamd()
  portal = await startPortal({ env: { CLAMD_URL: `clamd://127.0.0.1:${port}` } })
  await portal.startWorker()
})
afterAll(() => clamd.close())

/** As an adhérent's upload would store it. */
async function store(content: string): Promise<string> {
  const { id, organismeId } = await portal.person('estuaire', '657')
  const tempPath = join(portal.services.config.dataDir, `${Math.random()}.tmp`)
  await writeFile(tempPath, content)
  return portal.as('estuaire', '657', (db) =>
    storeFile(
      { db, services: portal.services, organisme: { id: organismeId }, user: { id } },
      {
        field: 'f',
        tempPath,
        name: 'relevé.pdf',
        extension: 'pdf',
        mime: 'application/pdf',
        size: content.length,
        sha256: 'a'.repeat(64),
      },
    ),
  )
}

async function state(id: string) {
  const { rows } = await portal.owner.query<{ antivirus: string; nom: string; analyse_le: Date | null }>(
    'select antivirus, nom, analyse_le from fichiers where id = $1',
    [id],
  )
  return rows[0]!
}

async function becomes(id: string, wanted: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if ((await state(id)).antivirus === wanted) return
    await sleep(50)
  }
  throw new Error(`${(await state(id)).antivirus}, not ${wanted}`)
}

describe('files: the antivirus', () => {
  test('a sound file can be downloaded once it has been scanned, and not before', async () => {
    const id = await store('%PDF-1.7 sound')
    await becomes(id, 'sain')
    const row = await state(id)
    expect(row.analyse_le).toBeInstanceOf(Date)
    expect(() => downloadable(row)).not.toThrow()
    expect(() => downloadable({ ...row, antivirus: 'en_attente' })).toThrow('en cours d’analyse')
  })

  test('an infected file is marked, told in the log, and never given out', async () => {
    const id = await store(`%PDF-1.7 ${EICAR}`)
    await becomes(id, 'infecte')
    expect(() => downloadable({ nom: 'relevé.pdf', antivirus: 'infecte' })).toThrow('contient un virus')
    expect(portal.logLines.join('\n')).toContain('a file is infected')
  })

  test('while the antivirus is down a file stays « en cours d’analyse »; it is scanned when it is back', async () => {
    await stopClamd()
    const id = await store('%PDF-1.7 later')
    await vi.waitUntil(
      async () => {
        const { rowCount } = await portal.owner.query(
          `select 1 from graphile_worker.jobs where task_identifier = 'fichiers.analyser' and attempts > 0
             and locked_at is null and last_error is not null`,
        )
        return rowCount === 1
      },
      { timeout: 5_000 },
    )
    expect((await state(id)).antivirus).toBe('en_attente')
    await startClamd()
    await portal.owner.query(`update fichiers set depose_le = now() - interval '11 minutes' where id = $1`, [
      id,
    ])
    await rescanWaiting(portal.services)
    await becomes(id, 'sain')
  })
})
