import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { startDraining } from '../../src/kernel/health.ts'
import { type Portal, startPortal } from '../support/portal.ts'

let portal: Portal

beforeAll(async () => {
  portal = await startPortal()
})

const ask = (path: string) => portal.visitor().get(path, { host: 'whatever.example' })

describe('ops: /livez and /readyz', () => {
  test('they answer on any host, and say nothing of the inside', async () => {
    expect(await ask('/livez')).toMatchObject({ status: 200, text: 'ok\n' })
    expect(await ask('/readyz')).toMatchObject({ status: 200, text: 'ok\n' })
  })

  test('while every connection to the database is busy: alive, not ready within a second, others told to come back', async () => {
    const { pool } = portal.services.database
    const busy = Array.from({ length: 20 }, () => pool.query('select pg_sleep(4.9)').catch(() => undefined))
    const begun = performance.now()
    expect((await ask('/livez')).status).toBe(200)
    expect(await ask('/readyz')).toMatchObject({ status: 503, text: 'not ready: database\n' })
    expect(performance.now() - begun).toBeLessThan(2_000)
    const page = await portal.visitor('midi').get('/')
    expect(page.status).toBe(503)
    expect(page.headers['retry-after']).toBe('5')
    await Promise.all(busy)
    expect((await ask('/readyz')).status).toBe(200)
  })

  test('without its storage the portal is not ready', async () => {
    await rm(join(portal.services.config.dataDir, 'fichiers'), { recursive: true })
    expect(await ask('/readyz')).toMatchObject({ status: 503, text: 'not ready: storage\n' })
  })

  test('while it stops it is alive and not ready', async () => {
    startDraining()
    expect((await ask('/livez')).status).toBe(200)
    expect((await ask('/readyz')).text).toContain('draining')
  })
})
