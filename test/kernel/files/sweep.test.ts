import { randomUUID } from 'node:crypto'
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { sweepObjects } from '../../../src/kernel/files/sweep.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal
let organismeId: string

beforeAll(async () => {
  portal = await startPortal()
  organismeId = (await portal.person('estuaire', '657')).organismeId
})
afterEach(() => vi.useRealTimers())

const HOUR = 3_600_000
const pathOf = (key: string) => join(portal.services.config.dataDir, 'fichiers', key)
const exists = (key: string) =>
  stat(pathOf(key)).then(
    () => true,
    () => false,
  )

/** An object put that many hours ago, with or without its row. */
async function object(hours: number, row: boolean): Promise<string> {
  const key = `${organismeId}/${randomUUID()}`
  await mkdir(dirname(pathOf(key)), { recursive: true })
  await writeFile(pathOf(key), 'x')
  const when = new Date(Date.now() - hours * HOUR)
  await utimes(pathOf(key), when, when)
  if (row) await insertRow(key)
  return key
}

async function insertRow(key: string): Promise<string> {
  const { rows } = await portal.owner.query<{ id: string }>(
    `insert into fichiers (organisme_id, cle, nom, mime, taille, sha256, depose_le)
     values ($1, $2, 'a.pdf', 'application/pdf', 1, $3, now() - interval '1 minute') returning id`,
    [organismeId, key, 'a'.repeat(64)],
  )
  return rows[0]!.id
}

describe('files: the nightly sweep', () => {
  test('an object that has had no row for a day goes; younger ones and those with a row stay', async () => {
    const [old, young, kept] = [await object(25, false), await object(23, false), await object(1000, true)]
    await sweepObjects(portal.services)
    expect(await Promise.all([exists(old), exists(young), exists(kept)])).toEqual([false, true, true])
  })

  test('the files of the demo all have their object: no alarm', async () => {
    portal.logLines.length = 0
    await sweepObjects(portal.services)
    expect(portal.logLines.join('\n')).not.toContain('ALARM')
  })

  test('a row whose object is gone rings the alarm with its id, and stays', async () => {
    const id = await insertRow(`${organismeId}/${randomUUID()}`)
    portal.logLines.length = 0
    await sweepObjects(portal.services)
    const alarm = portal.logLines.find((line) => line.includes('ALARM'))
    expect(alarm).toContain(id)
    expect(JSON.parse(alarm!)).toMatchObject({ level: 50, organisme: 'estuaire', fichiers: [id] })
    const { rowCount } = await portal.owner.query('select 1 from fichiers where id = $1', [id])
    expect(rowCount).toBe(1)
    await portal.owner.query('delete from fichiers where id = $1', [id])
  })

  test.each([36, -36])('a clock that is wrong by %i hours removes nothing of today', async (wrong) => {
    const real = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: real + wrong * HOUR })
    // Stored by the same wrong clock, a moment ago.
    const now = await object(0, false)
    // Stored before the clock went wrong.
    const before = await object(wrong, false)
    await sweepObjects(portal.services)
    expect(await Promise.all([exists(now), exists(before)])).toEqual([true, true])
  })
})
