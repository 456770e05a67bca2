import { ConfigError, loadConfig } from './kernel/config.ts'
import { failToStart, stopOnSignals } from './lifecycle.ts'
import { openServices } from './start.ts'
import { startWorker } from './worker.ts'

/** The worker in a process of its own; it brings the database to the level of this code first. */
async function main(): Promise<void> {
  const config = loadConfig()
  if (!config.demo && !config.databaseOwnerUrl)
    throw new ConfigError('DATABASE_OWNER_URL: the worker needs it')
  const opened = await openServices(config)
  const { services, ownerUrl, appUrl } = opened
  const worker = await startWorker(services, { ownerUrl: ownerUrl!, appUrl })
  stopOnSignals(services.log, async () => {
    await worker.stop()
    await opened.close()
  })
  services.log.info('worker started')
}

main().catch(failToStart)
