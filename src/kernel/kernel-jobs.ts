import type { PlatformTask } from './jobs.ts'
import type { JobHandler } from './page.ts'
import { sql } from './sql.ts'

/** Jobs of the kernel's own subjects. */
export const kernelJobs: Record<string, JobHandler> = {}

/** Housekeeping of the whole platform. */
export const platformTasks: Record<string, PlatformTask> = {
  'sessions.prune': {
    cron: '*/10 * * * *',
    async run({ database }) {
      await database.acces.run(sql`delete from acces.sessions where expire_le < now() or fin_le < now()`)
      await database.acces.run(sql`delete from acces.jetons where expire_le < now() - interval '30 days'`)
      await database.acces.run(sql`delete from acces.defis where expire_le < now()`)
    },
  },
}
