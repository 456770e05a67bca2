import { createHash, randomBytes } from 'node:crypto'
import type { Acces, Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

export interface Agenda {
  creeLe: string
  luLe: string | null
}

const fingerprint = (token: string) => createHash('sha256').update(token).digest()

/** Whether this person has an address that still opens. */
export function readAgenda(db: Db, userId: string): Promise<Agenda | undefined> {
  return db.maybe<Agenda>(sql`select g.cree_le as "creeLe", g.lu_le as "luLe" from acces.agendas g
    join acces.secrets x on x.organisme_id = g.organisme_id and x.utilisateur_id = g.utilisateur_id
      and x.version = g.version
    where g.organisme_id = ${db.context.organismeId} and g.utilisateur_id = ${userId}`)
}

/** A new secret; the address made before opens nothing any more. @returns what goes into the address */
export async function createAgenda(db: Db, userId: string): Promise<string> {
  const { organismeId } = db.context
  const token = randomBytes(32).toString('base64url')
  await db.run(
    sql`delete from acces.agendas where organisme_id = ${organismeId} and utilisateur_id = ${userId}`,
  )
  await db.run(sql`insert into acces.agendas (empreinte, organisme_id, utilisateur_id, version)
    select ${fingerprint(token)}, organisme_id, utilisateur_id, version from acces.secrets
    where organisme_id = ${organismeId} and utilisateur_id = ${userId}`)
  return token
}

export function closeAgenda(db: Db, userId: string): Promise<number> {
  return db.run(sql`delete from acces.agendas
    where organisme_id = ${db.context.organismeId} and utilisateur_id = ${userId}`)
}

/** Whose address this is, in this organisme, while his password is the one that it was made with. */
export async function ownerOf(
  acces: Acces,
  organismeId: string,
  token: string,
): Promise<{ utilisateurId: string; version: number } | undefined> {
  return acces.maybe(sql`select utilisateur_id as "utilisateurId", version from acces.agendas
    where empreinte = ${fingerprint(token)} and organisme_id = ${organismeId}`)
}

/** Written once an hour at most: programs read often. */
export async function touchAgenda(acces: Acces, token: string): Promise<void> {
  await acces.run(sql`update acces.agendas set lu_le = now() where empreinte = ${fingerprint(token)}
    and (lu_le is null or lu_le < now() - interval '1 hour')`)
}

export async function hostOf(db: Db): Promise<string | null> {
  return (
    await db.one<{ hote: string | null }>(sql`select app.hote_principal(${db.context.organismeId}) as hote`)
  ).hote
}

export interface ReponseDue {
  id: string
  numero: string
  jour: string
  /** The firm's own number of the dossier; empty when it has none. */
  dossier: string
}

/** Courriers that wait for an answer of this side, from a day on. Read under the person's own policies. */
export function listReponsesDues(db: Db, cote: 'adherent' | 'cabinet', du: string): Promise<ReponseDue[]> {
  return db.many<ReponseDue>(sql`select c.id, c.numero, c.a_repondre_avant as jour,
      coalesce(a.numero_dossier, '') as dossier
    from courriers c left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
    where c.publie_le is not null and c.destinataire = ${cote} and c.a_repondre_avant >= ${du}
      and c.repondu_le is null and c.clos_le is null
    order by c.a_repondre_avant, c.id limit 1000`)
}

export interface ClotureDue {
  fin: string
  /** The liasse has not come. */
  attendue: boolean
  dossiers: number
}

/** Exercices of the dossiers that this person sees, gathered by the day on which they end. */
export function listCloturesDues(db: Db, du: string): Promise<ClotureDue[]> {
  return db.many<ClotureDue>(sql`select c.fin, c.reception in ('attendue', 'relancee_1', 'relancee_2', 'mise_en_demeure')
      as attendue, count(*)::int as dossiers
    from clotures c where c.fin >= ${du} and c.reception <> 'sans_objet' group by 1, 2 order by 1, 2 limit 200`)
}
