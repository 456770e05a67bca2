import type { Db } from '../../kernel/db.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { type Collaborateur, mustManage } from './collaborateur.ts'
import type { Fiche } from './forms.ts'

const COLUMNS = sql`u.id, u.login, u.civilite, u.nom, u.prenom, u.fonction, u.courriel, u.role, u.cree_le, u.active_le,
  u.bloque_le, u.parti_le, u.derniere_connexion_le`

/** Everybody of the firm, those who left at the end, with how many dossiers each has (F75, F76). */
export function listCollaborateurs(db: Db): Promise<(Collaborateur & { dossiers: number })[]> {
  return db.many(sql`select ${COLUMNS}, (select count(*)::int from affectations f
      where f.organisme_id = u.organisme_id and f.utilisateur_id = u.id and f.jusqu_a is null) as dossiers
    from utilisateurs u
    where u.structure_id = ${db.context.structureId ?? null} and u.role in ('collaborateur', 'superviseur')
    order by coalesce(u.parti_le <= current_date, false), u.nom, u.prenom, u.login limit 1000`)
}

/** @throws NotFound for whoever is no collaborateur of the firm of this person */
export function readCollaborateur(db: Db, id: string): Promise<Collaborateur> {
  return db.one<Collaborateur>(sql`select ${COLUMNS} from utilisateurs u where u.id = ${id}
    and u.structure_id = ${db.context.structureId ?? null} and u.role in ('collaborateur', 'superviseur')`)
}

/** The same, kept from changing until the act is over, for whom the caller may manage. @throws NotFound, Refusal */
export async function lockCollaborateur(db: Db, user: Utilisateur, id: string): Promise<Collaborateur> {
  const who = await db.one<Collaborateur>(sql`select ${COLUMNS} from utilisateurs u where u.id = ${id}
    and u.structure_id = ${db.context.structureId ?? null} and u.role in ('collaborateur', 'superviseur')
    for no key update`)
  mustManage(user, who)
  return who
}

/** Keeps all these people from changing, in one order whoever asks, so that two departures never wait for each other. */
export async function lockInOrder(db: Db, ids: readonly (string | null)[]): Promise<void> {
  const people = [...new Set(ids.filter((id) => id !== null))]
  await db.many(sql`select u.id from utilisateurs u where u.id = any(${people}::uuid[])
    and u.structure_id = ${db.context.structureId ?? null} and u.role in ('collaborateur', 'superviseur')
    order by u.id for no key update`)
}

/** The organisme attributes the code: the next one, never one that has served. */
export async function insertCollaborateur(
  db: Db,
  fiche: Omit<Fiche, 'courriel'> & { courriel: string },
): Promise<{ id: string; login: string }> {
  const { code } = await db.one<{ code: string }>(sql`select app.prochain_code_collaborateur() as code`)
  return db.one(sql`insert into utilisateurs (login, courriel, nom, prenom, fonction, role, structure_id)
    values (${code}, ${fiche.courriel}, ${fiche.nom}, ${fiche.prenom}, ${fiche.fonction}, ${fiche.role},
      ${db.context.structureId ?? null}) returning id, login`)
}

export async function updateCollaborateur(
  db: Db,
  id: string,
  fiche: Fiche & { courriel: string },
): Promise<void> {
  await db.run(sql`update utilisateurs set nom = ${fiche.nom}, prenom = ${fiche.prenom}, fonction = ${fiche.fonction},
    courriel = ${fiche.courriel}, role = ${fiche.role} where id = ${id}`)
}

/** Whether the people of the firm can log in (F72). */
export async function comptesOuverts(db: Db): Promise<boolean> {
  const { on } = await db.one<{ on: boolean }>(
    sql`select comptes_depuis is not null as on from structures where id = ${db.context.structureId ?? null}`,
  )
  return on
}

/** He stands in for nobody any more, and nobody for him. */
export async function endSuppleancesOf(db: Db, id: string): Promise<number> {
  return db.run(sql`update suppleances set terminee_le = clock_timestamp(), terminee_par = ${db.context.utilisateurId ?? null}
    where (titulaire_id = ${id} or suppleant_id = ${id}) and terminee_le is null and au >= current_date`)
}
