import { dayInFrance } from '../../kernel/clock.ts'
import type { Db } from '../../kernel/db.ts'
import { date } from '../../kernel/formats.ts'
import { writeJournalOf } from '../../kernel/journal.ts'
import { type EachOrganisme, everyOrganisme } from '../../kernel/organisme.ts'
import type { PlatformTask } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import type { Controle } from './queries.ts'

/**
 * Days that a file is kept after its check. It holds all the accounts of a business, and was given for this check; the
 * report, the name, the size and the SHA-256 stay, as the proof of what was checked.
 */
export const JOURS_GARDES = 30

const LOT = 200

/** When the file goes, or when it went, in a sentence; undefined before its check. */
export function effacementDe(
  controle: Pick<Controle, 'fini_le' | 'efface_le'>,
): { fait: boolean; phrase: string } | undefined {
  const { fini_le: fini, efface_le: efface } = controle
  if (efface !== null) return { fait: true, phrase: `Le fichier a été effacé le ${date(efface)}.` }
  if (fini === null) return undefined
  const le = new Date(Date.parse(fini) + JOURS_GARDES * 86_400_000)
  return { fait: false, phrase: `Le fichier sera effacé le ${date(dayInFrance(le))}.` }
}

/** Every night: accounting files whose time is over are erased, each with its row in the journal. */
export const effacerDeNuit: PlatformTask = {
  cron: '20 3 * * *',
  async run({ database, storage }) {
    await everyOrganisme(database, async (organisme) => {
      for (;;) {
        const cles = await marquer(organisme)
        // After the commit: killed in between, the night's sweep removes what the rows call erased.
        for (const cle of cles) await storage.remove(cle)
        if (cles.length < LOT) return
      }
    })
  },
}

function marquer({ transaction }: EachOrganisme): Promise<string[]> {
  return transaction(async (db) => {
    const ids = await echus(db)
    if (ids.length === 0) return []
    const rows = await db.many<{ cle: string }>(
      sql`update fichiers set efface_le = now() where id in (
          select l.fichier_id from fec_controles c join transferts_fichiers l on l.id = c.transfert_fichier_id
          where c.id = any(${ids})) returning cle`,
    )
    await writeJournalOf(
      db,
      undefined,
      { action: 'fec.efface', objet: 'fec_controles', request: 'effacement' },
      sql`select c.id as objet_id, c.adherent_id, row_number() over (order by c.fini_le, c.id) as rang,
          jsonb_build_object('accuse', t.accuse, 'nom', f.nom, 'taille', f.taille, 'empreinte', f.sha256) as detail
        from fec_controles c join transferts t on t.id = c.transfert_id
          join transferts_fichiers l on l.id = c.transfert_fichier_id join fichiers f on f.id = l.fichier_id
        where c.id = any(${ids})`,
    )
    return rows.map(({ cle }) => cle)
  })
}

/** The day that was told to whom sent it has come, in France. */
async function echus(db: Db): Promise<string[]> {
  const rows = await db.many<{ id: string }>(
    sql`select c.id from fec_controles c join transferts_fichiers l on l.id = c.transfert_fichier_id
        join fichiers f on f.id = l.fichier_id
      where f.efface_le is null
        and ((c.fini_le + ${JOURS_GARDES} * interval '1 day') at time zone 'Europe/Paris')::date <= app.aujourdhui()
      order by c.fini_le limit ${LOT} for update of f skip locked`,
  )
  return rows.map(({ id }) => id)
}
