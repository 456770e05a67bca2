import type { Db } from '../../kernel/db.ts'
import type { JobHandler, PlatformTask } from '../../kernel/page.ts'
import { everyOrganisme } from '../../kernel/organisme.ts'
import { sql } from '../../kernel/sql.ts'
import { rattraper } from './queries.ts'

/** Adhérents in one transaction: a fraction of a second, for whoever looks at the board waits for it. */
const A_LA_FOIS = 500
const JOURS_DES_LOTS = 30

type Transaction = <T>(work: (db: Db) => Promise<T>) => Promise<T>

async function catchUp(transaction: Transaction): Promise<void> {
  while ((await transaction((db) => rattraper(db, A_LA_FOIS))) > 0);
}

export const jobs: Record<string, JobHandler> = {
  /** After a change of thousands: before its author is back at the board. */
  'suivi.recompter': (_payload, { transaction }) => catchUp(transaction),
}

interface Part {
  dernier: string
  corriges: number
}

function reconcile(db: Db, after: string | null): Promise<Part | undefined> {
  return db.maybe<Part>(
    sql`select dernier, corriges from app.suivi_reconcilier(${after}::uuid, ${A_LA_FOIS})`,
  )
}

export const tasks: Record<string, PlatformTask> = {
  /** What moved by thousands (a campaign, an import) is made up for before anybody looks. */
  'suivi.rattraper': {
    cron: '*/2 * * * *',
    async run({ database }) {
      await everyOrganisme(database, ({ transaction }) => catchUp(transaction))
    },
  },
  /** Every row again by night: one that is corrected shows an act that the triggers do not know. */
  'suivi.reconcilier': {
    cron: '10 3 * * *',
    async run({ database, log }) {
      await everyOrganisme(database, async ({ code, transaction }) => {
        // What is known to have moved is no mistake.
        await catchUp(transaction)
        let corriges = 0
        let part: Part | undefined
        do {
          const after = part?.dernier ?? null
          part = await transaction((db) => reconcile(db, after))
          corriges += part?.corriges ?? 0
        } while (part !== undefined)
        if (corriges > 0) log.warn({ organisme: code, lignes: corriges }, 'the board had drifted: corrected')
        await transaction((db) =>
          db.run(sql`delete from lots_etapes where applique_le is null
            and cree_le < now() - ${JOURS_DES_LOTS} * interval '1 day'`),
        )
      })
    },
  },
}
