import type { Db } from '../../kernel/db.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'

/** Minutes after which somebody who opened a request is no longer said to be on it. */
const PRESENCE_MINUTES = 5

export interface Collegue {
  id: string
  nom: string
}

/** The staff who may be given a request. */
export function listCollegues(db: Db): Promise<Collegue[]> {
  return db.many<Collegue>(sql`select u.id, trim(u.prenom || ' ' || u.nom) as nom from utilisateurs u
    where u.role in ('permanent', 'administrateur') and u.bloque_le is null
      and (u.parti_le is null or u.parti_le > current_date)
      and (u.role = 'administrateur' or u.domaines is null or 'demandes' = any(u.domaines))
    order by u.nom, u.prenom, u.id`)
}

/** This person has the request before his eyes; gives who else has. */
export async function lookAt(db: Db, id: string, userId: string): Promise<{ nom: string; vu_le: string }[]> {
  const [others] = await Promise.all([
    db.many<{ nom: string; vu_le: string }>(sql`select trim(u.prenom || ' ' || u.nom) as nom, r.vu_le
      from demande_regards r join utilisateurs u on u.organisme_id = r.organisme_id and u.id = r.utilisateur_id
      where r.demande_id = ${id} and r.utilisateur_id <> ${userId}
        and r.vu_le > now() - ${PRESENCE_MINUTES} * interval '1 minute'
      order by r.vu_le desc`),
    db.run(sql`insert into demande_regards (demande_id) values (${id})
      on conflict (organisme_id, demande_id, utilisateur_id) do update set vu_le = clock_timestamp()`),
  ])
  return others
}

export type Quoi = 'recue' | 'confiee' | 'rendue' | 'precision' | 'precisee' | 'traitee'

export interface Mouvement {
  le: string
  par_nom: string
  quoi: Quoi
  detail: string
}

export function listMouvements(db: Db, id: string): Promise<Mouvement[]> {
  return db.many<Mouvement>(sql`select m.le, m.par_nom, m.quoi, m.detail from demande_mouvements m
    where m.demande_id = ${id} order by m.le desc, m.id limit 100`)
}

export async function noteMouvement(
  db: Db,
  user: Pick<Utilisateur, 'id' | 'prenom' | 'nom'>,
  id: string,
  quoi: Quoi,
  detail = '',
): Promise<void> {
  await db.run(sql`insert into demande_mouvements (demande_id, par, par_nom, quoi, detail)
    values (${id}, ${user.id}, ${`${user.prenom} ${user.nom}`.trim()}, ${quoi}, ${detail})`)
}

/** @returns false when nothing changes: it was his already, or nobody's. */
export async function assign(db: Db, user: Utilisateur, id: string, to: Collegue | null): Promise<boolean> {
  const touched = await db.run(sql`update demandes set assignee_id = ${to?.id ?? null},
      assignee_le = case when ${to?.id ?? null}::uuid is null then null else clock_timestamp() end
    where id = ${id} and assignee_id is distinct from ${to?.id ?? null}::uuid`)
  if (touched === 0) return false
  await noteMouvement(db, user, id, to === null ? 'rendue' : 'confiee', to?.nom ?? '')
  return true
}
