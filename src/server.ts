import { once } from 'node:events'
import { createServer } from 'node:http'
import { createApp } from './app.ts'
import { ConfigError, loadConfig } from './kernel/config.ts'
import { EmbeddedPostgresError } from './kernel/embedded-postgres.ts'
import { startDraining } from './kernel/health.ts'
import { openServices } from './start.ts'

/** Starts the portal and stops it cleanly: no new request, the running ones finish, then the rest closes. */
async function main(): Promise<void> {
  const config = loadConfig()
  const opened = await openServices(config)
  const { services } = opened
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 300_000, keepAliveTimeout: 5_000, maxHeaderSize: 16_384 },
    createApp(services),
  )
  server.on('clientError', (_error, socket) => void socket.destroy())
  server.listen(config.port)
  await Promise.race([once(server, 'listening'), once(server, 'error').then(([error]) => Promise.reject(error as Error))])
  services.log.info({ port: config.port }, 'listening')

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    startDraining()
    const forced = setTimeout(() => process.exit(1), 10_000).unref()
    server.close()
    server.closeIdleConnections()
    await once(server, 'close')
    await opened.close()
    clearTimeout(forced)
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

main().catch((error: unknown) => {
  const known = error instanceof ConfigError || error instanceof EmbeddedPostgresError
  process.stderr.write(`${known ? error.message : String((error as Error).stack)}\n`)
  process.exit(1)
})
