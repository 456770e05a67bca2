import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { date } from '../../kernel/formats.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'

export interface SuppleanceRow {
  id: string
  titulaire_id: string
  titulaire: string
  suppleant: string
  du: string
  au: string
  terminee_le: string | null
}

/** Those of the cabinet, the current and coming ones first. */
export function listSuppleances(db: Db): Promise<SuppleanceRow[]> {
  return db.many<SuppleanceRow>(sql`select s.id, s.titulaire_id, trim(t.prenom || ' ' || t.nom) as titulaire,
      trim(u.prenom || ' ' || u.nom) as suppleant, s.du, s.au, s.terminee_le
    from suppleances s
    join utilisateurs t on t.organisme_id = s.organisme_id and t.id = s.titulaire_id
    join utilisateurs u on u.organisme_id = s.organisme_id and u.id = s.suppleant_id
    where s.structure_id = ${db.context.structureId ?? null} order by s.terminee_le is not null, s.au desc, s.id limit 100`)
}

/** Who may stand in: everybody of the cabinet who has a log-in and is still there. */
export function listCandidats(db: Db, today: string): Promise<{ id: string; nom: string; login: string }[]> {
  return db.many(sql`select u.id, trim(u.prenom || ' ' || u.nom) as nom, u.login from utilisateurs u
    where u.structure_id = ${db.context.structureId ?? null} and u.id <> ${db.context.utilisateurId ?? null}
      and u.role = 'collaborateur' and u.bloque_le is null and (u.parti_le is null or u.parti_le > ${today}::date)
    order by u.nom, u.prenom`)
}

/** @throws Refusal for days in the past or the wrong way round, and for somebody who is not of the cabinet */
export async function insertSuppleance(
  db: Db,
  user: Utilisateur,
  s: { suppleant: string; du: string; au: string },
  today: string,
): Promise<string> {
  if (s.au < s.du) throw new Refusal('Le dernier jour vient avant le premier.', 'au')
  if (s.au < today) throw new Refusal(`Ces jours sont passés : nous sommes le ${date(today)}.`, 'au')
  const candidats = await listCandidats(db, today)
  if (!candidats.some((one) => one.id === s.suppleant))
    throw new Refusal('Choisissez un collaborateur de votre cabinet.', 'suppleant')
  const { id } = await db.one<{ id: string }>(sql`insert into suppleances (titulaire_id, suppleant_id, du, au)
    values (${user.id}, ${s.suppleant}, ${s.du}, ${s.au}) returning id`)
  return id
}

/** @throws Refusal when it has ended already; NotFound in another cabinet */
export async function endSuppleance(db: Db, user: Utilisateur, id: string): Promise<void> {
  const row = await db.one<{ terminee_le: string | null }>(
    sql`select terminee_le from suppleances where id = ${id} for update`,
  )
  if (row.terminee_le !== null) throw new Refusal('Cette suppléance est déjà terminée.')
  await db.run(sql`update suppleances set terminee_le = now(), terminee_par = ${user.id} where id = ${id}`)
}
