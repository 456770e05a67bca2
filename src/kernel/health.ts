import { statfs } from 'node:fs/promises'
import { type RequestHandler, Router } from 'express'
import type { Services } from './services.ts'

let draining = false

/** From now on this process says that it is not ready, so that no new request is sent to it. */
export function startDraining(): void {
  draining = true
}

const LEAST_FREE = 0.05

/** `/livez`: the process turns. `/readyz`: it can serve – database, storage, disk, and not stopping. */
export function health(services: Services): RequestHandler {
  const router = Router()
  router.get('/livez', (_req, res) => void res.type('text').send('ok\n'))
  router.get('/readyz', async (_req, res) => {
    const faults: string[] = []
    if (draining) faults.push('draining')
    await within(1000, services.database.ping()).catch(() => faults.push('database'))
    await within(1000, services.storage.check()).catch(() => faults.push('storage'))
    const disk = await statfs(services.config.dataDir).catch(() => undefined)
    if (disk && disk.bavail / disk.blocks < LEAST_FREE) faults.push('disk')
    res
      .status(faults.length === 0 ? 200 : 503)
      .type('text')
      .send(faults.length === 0 ? 'ok\n' : `not ready: ${faults.join(', ')}\n`)
  })
  // A router looks through its routes for each page of the portal; the address says enough.
  return (req, res, next) => (/^\/(livez|readyz)\b/.test(req.url) ? router(req, res, next) : next())
}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('too slow')), milliseconds)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
