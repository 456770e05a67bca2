import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import { type Declaration, EN_COURS, REJETS } from './declaration.ts'

export const FILTRES = ['', 'en-cours', 'acceptees', 'rejetees'] as const

export interface Question {
  filtre: (typeof FILTRES)[number]
  nom: string
  apres?: string | undefined
  avant?: string | undefined
}

/** Searches find no more clients than that. */
const PLAFOND_RECHERCHE = 1000

const of = (condition: Sql): Sql => sql`exists (select from declarations_destinataires s
  where s.organisme_id = d.organisme_id and s.declaration_id = d.id and ${condition})`
const STATES: Record<Question['filtre'], Sql> = {
  '': sql`true`,
  'en-cours': of(sql`s.statut = any(${EN_COURS}::text[])`),
  acceptees: of(sql`s.statut = 'acceptee'`),
  rejetees: of(sql`s.statut = any(${REJETS}::text[])`),
}

/**
 * What was sent for this adhérent, or for the clients of this person, newest first; oldest first when what stands before a
 * cursor is asked.
 */
export function listDeclarations(db: Db, q: Question & { limit: number }): Promise<Declaration[]> {
  const { adherentId, structureId } = db.context
  const mine = adherentId ? sql`d.adherent_id = ${adherentId}` : sql`a.structure_id = ${structureId ?? null}`
  const where = [STATES[q.filtre], mine]
  if (q.nom !== '')
    where.push(sql`d.adherent_id in (select app.chercher_clients(${q.nom}, ${PLAFOND_RECHERCHE}))`)
  const from = q.apres ?? q.avant
  if (from !== undefined) {
    const place = sql`((select x.transmise_le from declarations x where x.id = ${from}), ${from}::uuid)`
    where.push(
      q.avant === undefined ? sql`(d.transmise_le, d.id) < ${place}` : sql`(d.transmise_le, d.id) > ${place}`,
    )
  }
  const order = q.avant === undefined ? sql`d.transmise_le desc, d.id desc` : sql`d.transmise_le, d.id`
  return select(db, sql`${join(where, ' and ')} order by ${order} limit ${q.limit}`)
}

/** The last ones of one adhérent. */
export function declarationsDe(db: Db, adherentId: string, limit: number): Promise<Declaration[]> {
  return select(db, sql`d.adherent_id = ${adherentId} order by d.transmise_le desc, d.id desc limit ${limit}`)
}

function select(db: Db, which: Sql): Promise<Declaration[]> {
  return db.many<Declaration>(sql`select d.id, d.adherent_id, a.numero as adherent_numero, a.denomination as adherent_nom,
      d.formulaire, d.millesime, d.transmise_le, d.expediteur, coalesce((
        select json_agg(json_build_object('destinataire', s.destinataire, 'statut', s.statut, 'statut_le', s.statut_le,
          'depot', s.depot, 'message', s.message) order by s.destinataire)
        from declarations_destinataires s where s.organisme_id = d.organisme_id and s.declaration_id = d.id), '[]') as suivis
    from declarations d join adherents a on a.organisme_id = d.organisme_id and a.id = d.adherent_id
    where ${which}`)
}
