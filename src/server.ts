import { once } from 'node:events'
import { type RequestListener, type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApp } from './app.ts'
import { printDemo, watchSharedDatabase } from './demo.ts'
import { type Config, ConfigError, loadConfig } from './kernel/config.ts'
import { startDraining } from './kernel/health.ts'
import { bornFor } from './kernel/http.ts'
import { PortTaken, failToStart, stopOnSignals } from './lifecycle.ts'
import { openServices } from './start.ts'
import { startWorker } from './worker.ts'

/** Time for whoever sends us requests to read in /readyz that we stop. Ctrl-C in the demo need not wait for that. */
const NOTICE_MS = 5_000

const LIMITS = {
  headersTimeout: 10_000,
  // Bodies have a clock of their own, which knows a form from a gigabyte on a slow line: kernel/body-clock.ts.
  requestTimeout: 0,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
}

/** Starts the portal and stops it cleanly: no new request, the running ones finish, then the rest closes. */
async function main(): Promise<void> {
  const config = loadConfig()
  if (config.workerInside && !config.demo && !config.databaseOwnerUrl) {
    throw new ConfigError(
      'DATABASE_OWNER_URL: needed here, or WORKER=outside and a worker in its own process',
    )
  }
  await refuseTakenPort(config.port)
  if (config.demo)
    process.stdout.write('Parvis is starting; the first time it makes a database and a world of people…\n')
  const opened = await openServices(config)
  const { services, ownerUrl, appUrl, embedded } = opened
  const { log } = services
  let draining = false
  const app = createApp(services)
  const listener = app as RequestListener
  const server = createServer({ ...LIMITS, ...bornFor(app) }, (req, res) => {
    if (draining) res.setHeader('Connection', 'close')
    listener(req, res)
  })
  server.on('clientError', (_error, socket) => void socket.destroy())
  try {
    await listen(server, config.port)
    const worker = config.workerInside
      ? await startWorker(services, { ownerUrl: ownerUrl!, appUrl })
      : undefined
    const stop = stopOnSignals(log, async () => {
      draining = true
      startDraining()
      const jobs = worker?.stop()
      if (config.production) await sleep(NOTICE_MS)
      const closed = once(server, 'close')
      server.close()
      // A connection that was in use falls idle when its answer is out, and would stay so for seconds.
      const idle = setInterval(() => server.closeIdleConnections(), 100)
      await Promise.all([closed, jobs])
      clearInterval(idle)
      await opened.close()
    })
    const { port } = server.address() as AddressInfo
    log.info({ port }, 'listening')
    if (embedded?.shared) watchSharedDatabase(opened, () => stop(1))
    if (embedded) await printDemo(opened, port)
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Before the rest is opened, so that the answer to the usual mistake comes at once. */
async function refuseTakenPort(port: Config['port']): Promise<void> {
  const probe = createServer()
  await listen(probe, port)
  probe.close()
  await once(probe, 'close')
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new PortTaken(port) : error
  }
}

main().catch(failToStart)
