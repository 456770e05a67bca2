import { openDatabase } from './kernel/db.ts'
import { type Jobs, startJobs } from './kernel/jobs.ts'
import { kernelJobs, platformTasks } from './kernel/kernel-jobs.ts'
import { startCatcher } from './kernel/mail/catcher.ts'
import { caughtMails } from './kernel/mail/caught.ts'
import { openMailer } from './kernel/mail/send.ts'
import type { Services } from './kernel/services.ts'
import { modules } from './modules.ts'

export type Worker = Jobs

const STATEMENT_TIMEOUT_MS = 60_000

/**
 * The jobs of the kernel and of every module, beside the web process or in a process of their own. They have their own
 * connections, with time for long statements. Without SMTP_URL (never in production) mails are caught, see catcher.ts.
 * @param urls of the queue's owner and of the restricted role that jobs see the database with.
 */
export async function startWorker(
  services: Services,
  urls: { ownerUrl: string; appUrl: string },
): Promise<Worker> {
  const { config, log } = services
  const catcher = config.smtpUrl === undefined ? await startCatcher(caughtMails(config)) : undefined
  const mailer = openMailer(config.smtpUrl ?? catcher!.url)
  const database = openDatabase({
    url: urls.appUrl,
    max: 5,
    prepare: config.prepare,
    statementTimeout: STATEMENT_TIMEOUT_MS,
    acquireTimeout: 10_000,
    onError: (error) => log.warn({ err: error }, 'database connection lost'),
  })
  const close = async () => {
    mailer.close()
    await Promise.all([catcher?.stop(), database.close()])
  }
  try {
    const jobs = await startJobs(
      { ...services, database },
      modules,
      kernelJobs(mailer),
      platformTasks,
      urls.ownerUrl,
    )
    return {
      async stop() {
        await jobs.stop()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
