import type { Db } from '../../kernel/db.ts'
import { NotFound } from '../../kernel/errors.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import { type Cote, coteOf } from './courrier.ts'

/** The courriers that are a person's own, as conditions over `courriers c`. The walls of the tables hold besides. */
export interface Scope {
  cote: Cote
  /** His courriers, whatever became of them. */
  own: Sql
  nouveau: Sql
  archive: Sql
  /** It wants an answer from his side. */
  aRepondre: Sql
}

/** @throws NotFound for somebody who has neither an adhérent nor a cabinet. */
export function scopeOf(user: Pick<Utilisateur, 'role' | 'adherentId' | 'structureId'>): Scope {
  const cote = coteOf(user.role)
  const pending = sql`c.a_repondre_avant is not null and c.repondu_le is null and c.clos_le is null`
  if (cote === 'adherent') {
    if (user.adherentId === null) throw new NotFound('no adherent')
    return {
      cote,
      own: sql`c.adherent_id = ${user.adherentId} and c.publie_le is not null`,
      nouveau: sql`c.archive_adherent_le is null`,
      archive: sql`c.archive_adherent_le is not null`,
      aRepondre: sql`(c.destinataire = 'adherent' and ${pending})`,
    }
  }
  if (user.structureId === null) throw new NotFound('no structure')
  // A substitute sees single courriers of dossiers that are not his: they never enter his lists and counts.
  const his =
    user.role === 'collaborateur' ? sql`and c.adherent_id in (select app.adherents_visibles())` : sql``
  return {
    cote,
    own: sql`c.structure_id = ${user.structureId} and c.publie_le is not null ${his}`,
    nouveau: sql`c.archive_cabinet_le is null`,
    archive: sql`c.archive_cabinet_le is not null`,
    aRepondre: sql`(c.destinataire = 'cabinet' and ${pending})`,
  }
}

export interface Counts {
  courriers: number
  /** About clients. */
  courriersAdherents: number
  /** To the cabinet itself. */
  courriersCabinet: number
  courriersARepondre: number
}

/** The counters of the home page and of the menu (F19), over the very rows of « Nouveaux courriers ». */
export async function countNew(db: Db, user: Utilisateur): Promise<Counts> {
  const { own, nouveau, aRepondre } = scopeOf(user)
  return db.one<Counts>(sql`select count(*)::int as "courriers",
      count(*) filter (where c.adherent_id is not null)::int as "courriersAdherents",
      count(*) filter (where c.adherent_id is null)::int as "courriersCabinet",
      count(*) filter (where ${aRepondre})::int as "courriersARepondre"
    from courriers c where ${own} and ${nouveau}`)
}
