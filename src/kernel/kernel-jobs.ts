import { join } from 'node:path'
import { rescanWaiting, scanFile } from './files/scan.ts'
import { sweepObjects } from './files/sweep.ts'
import { sweepTempFiles } from './files/temp.ts'
import { pruneMails, sendQueuedMails } from './mail/job.ts'
import type { Mailer } from './mail/send.ts'
import type { JobHandler, PlatformTask } from './page.ts'
import { everyOrganisme } from './organisme.ts'
import { ENDED_HOURS } from './reprises/ended.ts'
import { KEPT_HOURS, forget } from './reprises/keep.ts'
import { sql } from './sql.ts'
import { advance, resumeStalled } from './travaux/job.ts'

/** Jobs of the kernel's own subjects. */
export function kernelJobs(mailer: Mailer): Record<string, JobHandler> {
  return {
    'courriels.envoyer': sendQueuedMails(mailer),
    'fichiers.analyser': scanFile,
    'travaux.avancer': advance,
  }
}

const DAY_MS = 24 * 3_600_000

/** Housekeeping of the whole platform. */
export const platformTasks: Record<string, PlatformTask> = {
  'sessions.prune': {
    cron: '*/10 * * * *',
    async run({ database }) {
      await database.acces.run(sql`delete from acces.sessions where least(expire_le, fin_le) <
        now() - case when utilisateur_id is null then 0 else ${ENDED_HOURS} end * interval '1 hour'`)
      await database.acces.run(sql`delete from acces.jetons where expire_le < now() - interval '30 days'`)
      await database.acces.run(sql`delete from acces.defis where expire_le < now()`)
      await database.acces.run(sql`delete from acces.tentatives where derniere < now() - interval '7 days'
        and (bloque_jusqu_a is null or bloque_jusqu_a < now())`)
      await database.acces.run(sql`delete from acces.appareils where vu_le < now() - interval '180 days'`)
    },
  },
  'reprises.prune': {
    cron: '50 * * * *',
    async run({ database }) {
      await everyOrganisme(database, async ({ transaction }) => {
        await transaction((db) => forget(db, sql`cree_le < now() - ${KEPT_HOURS} * interval '1 hour'`))
      })
    },
  },
  'travaux.reprendre': { cron: '*/10 * * * *', run: resumeStalled },
  'fichiers.reprendre': { cron: '*/10 * * * *', run: rescanWaiting },
  'fichiers.balayer': {
    cron: '20 2 * * *',
    async run(services) {
      await sweepObjects(services)
      await sweepTempFiles(join(services.config.dataDir, 'temp'), new Date(Date.now() - DAY_MS))
    },
  },
  'courriels.nettoyer': { cron: '40 2 * * *', run: pruneMails },
}
