import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { Boite } from './forms.ts'
import type { FilFiche } from './queries.ts'

const STATES: Record<Boite['etat'], Sql> = {
  '': sql`f.repondu_le is null and f.clos_le is null`,
  repondus: sql`f.repondu_le is not null and f.clos_le is null`,
  clos: sql`f.clos_le is not null`,
}

export type Recu = Omit<FilFiche, 'copies' | 'adherent_id'>

/** What waits for an answer, oldest first; the rest newest first. */
export function listBoite(db: Db, q: Boite & { limit: number }): Promise<Recu[]> {
  const back = q.avant !== undefined
  const up = (q.etat === '') !== back
  const from = q.apres ?? q.avant
  const place = sql`((select x.ecrit_le from fils x where x.id = ${from ?? null}), ${from ?? null}::uuid)`
  const start =
    from === undefined
      ? sql`true`
      : up
        ? sql`(f.ecrit_le, f.id) > ${place}`
        : sql`(f.ecrit_le, f.id) < ${place}`
  const order = up ? sql`f.ecrit_le, f.id` : sql`f.ecrit_le desc, f.id desc`
  return db.many<Recu>(sql`select f.id, f.sujet, f.genre, f.ouvert_par, f.expediteur, f.expediteur_nom, f.destinataire,
      f.ouvert_le, f.ecrit_le, f.repondu_le, f.clos_le, a.numero as adherent_numero, s.numero as structure_numero
    from fils f
    left join adherents a on a.organisme_id = f.organisme_id and a.id = f.adherent_id
    left join structures s on s.organisme_id = f.organisme_id and s.id = f.structure_id
    where ${STATES[q.etat]} and ${start} order by ${order} limit ${q.limit}`)
}

/** How many wait for an answer, counted no further than a thousand. */
export async function countWaiting(db: Db): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select from fils f where ${STATES['']} limit 1000) as premiers`)
  return n
}

export async function closeFil(db: Db, id: string, by: string): Promise<void> {
  await db.run(sql`update fils set clos_le = now(), clos_par = ${by} where id = ${id} and clos_le is null`)
}
