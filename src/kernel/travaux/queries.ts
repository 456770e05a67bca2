import { randomUUID } from 'node:crypto'
import type { Db } from '../db.ts'
import { Refusal } from '../errors.ts'
import { queueJob } from '../jobs.ts'
import { type Sql, sql } from '../sql.ts'
import { type Avancement, type Travail, genreOf } from './travail.ts'

const COLUMNS = sql`t.id, t.genre, t.titre, t.lien, t.donnees, t.etat, t.etape, t.pas, t.curseur, t.fait, t.total, t.rapport,
  t.erreur, t.demande_par, t.cree_le, t.debut_prevu, t.demarre_le, t.avance_le,
  t.reprise_le, t.fini_le,
  (select nullif(trim(u.prenom || ' ' || u.nom), '') from utilisateurs u
    where u.organisme_id = t.organisme_id and u.id = t.demande_par) as demandeur`

export interface NewTravail {
  /** As `defineTravail` named it. */
  genre: string
  /** What the list calls it: « Campagne “Attestations 2025” ». */
  titre: string
  /** Page of the module; made from the id of the work when that is its page. */
  lien?: string | ((id: string) => string)
  donnees: Record<string, unknown>
  total?: number
  /** Not before; at once when absent. */
  debut?: Date
}

/** Asks for a long work in the transaction of the act: it begins when and if the act is committed. @returns its id */
export async function startTravail(db: Db, travail: NewTravail): Promise<string> {
  genreOf(travail.genre)
  const id = randomUUID()
  const { lien = '' } = travail
  await db.run(sql`
    insert into travaux (id, genre, titre, lien, donnees, total, debut_prevu)
    values (${id}, ${travail.genre}, ${travail.titre}, ${typeof lien === 'string' ? lien : lien(id)},
      ${JSON.stringify(travail.donnees)}::jsonb, ${travail.total ?? null},
      ${travail.debut?.toISOString() ?? null}::timestamptz)`)
  await queueTurn(db, id, travail.debut)
  return id
}

/** The next turn of a work. One key: however often it is asked for, one waits. */
export async function queueTurn(db: Db, id: string, at?: Date): Promise<void> {
  const when = at === undefined ? {} : { runAt: at }
  await queueJob(db, 'travaux.avancer', { id }, { key: `travail:${id}`, maxAttempts: ATTEMPTS, ...when })
}

/** Some four minutes of trying before a person is asked. */
const ATTEMPTS = 6

/** @throws NotFound */
export function readTravail(db: Db, id: string): Promise<Travail> {
  return db.one<Travail>(sql`select ${COLUMNS} from travaux t where t.id = ${id}`)
}

/** Locks it until the transaction is over. @throws NotFound */
export function lockTravail(db: Db, id: string): Promise<Travail> {
  return db.one<Travail>(sql`select ${COLUMNS} from travaux t where t.id = ${id} for update of t`)
}

/** The newest first. @param genres only of those, when given. */
export function listTravaux(db: Db, limit: number, genres?: readonly string[]): Promise<Travail[]> {
  const only: Sql = genres === undefined ? sql`true` : sql`t.genre = any(${genres})`
  return db.many<Travail>(
    sql`select ${COLUMNS} from travaux t where ${only} order by t.cree_le desc, t.id limit ${limit}`,
  )
}

/** From ready to running, by the worker. */
export async function markStarted(db: Db, id: string): Promise<void> {
  await db.run(sql`update travaux set etat = 'en_cours', demarre_le = coalesce(demarre_le, now()), avance_le = now(),
    erreur = '' where id = ${id} and etat = 'pret'`)
}

export async function recordProgress(db: Db, id: string, a: Avancement): Promise<void> {
  await db.run(sql`update travaux set pas = pas + 1, fait = ${a.fait}, total = coalesce(${a.total ?? null}, total),
      etape = coalesce(${a.etape ?? null}, etape), curseur = coalesce(${a.curseur ? JSON.stringify(a.curseur) : null}::jsonb, curseur),
      rapport = rapport || ${JSON.stringify(a.rapport ?? {})}::jsonb, avance_le = now(), erreur = '',
      reprise_le = ${a.attendre?.toISOString() ?? null}::timestamptz,
      etat = case when ${a.fini ?? false} then 'termine' else etat end,
      fini_le = case when ${a.fini ?? false} then now() end
    where id = ${id}`)
}

export async function markFailed(db: Db, id: string, sentence: string): Promise<void> {
  await db.run(sql`update travaux set etat = 'echoue', erreur = ${sentence}, avance_le = now()
    where id = ${id} and etat in ('pret', 'en_cours')`)
}

/** Stops after the batch under way. @throws Refusal */
export async function pauseTravail(db: Db, id: string): Promise<Travail> {
  const travail = await lockTravail(db, id)
  if (travail.etat !== 'pret' && travail.etat !== 'en_cours')
    throw new Refusal('Ce travail n’est pas en cours : il ne peut pas être mis en pause.')
  await db.run(sql`update travaux set etat = 'en_pause', avance_le = now() where id = ${id}`)
  return travail
}

/** Goes on where it was, after a pause or a failure. @throws Refusal */
export async function resumeTravail(db: Db, id: string): Promise<Travail> {
  const travail = await lockTravail(db, id)
  if (travail.etat !== 'en_pause' && travail.etat !== 'echoue')
    throw new Refusal('Ce travail n’est ni en pause ni interrompu : il n’y a rien à reprendre.')
  await db.run(sql`update travaux set etat = 'pret', erreur = '', avance_le = now() where id = ${id}`)
  const wait =
    travail.debut_prevu !== null && travail.demarre_le === null ? new Date(travail.debut_prevu) : undefined
  await queueTurn(db, id, wait)
  return travail
}

/** For good. The genre undoes what must be undone, or says that it is too late. @throws Refusal */
export async function cancelTravail(db: Db, id: string): Promise<Travail> {
  const travail = await lockTravail(db, id)
  if (travail.etat === 'termine' || travail.etat === 'annule')
    throw new Refusal('Ce travail est fini : il ne peut plus être annulé.')
  await genreOf(travail.genre).cancel?.(db, travail)
  await db.run(sql`update travaux set etat = 'annule', fini_le = now(), avance_le = now(),
    arrete_par = ${db.context.utilisateurId ?? null} where id = ${id}`)
  return travail
}

/** Works that nobody moves any more, though they should be moving. */
export function listStalled(db: Db): Promise<{ id: string }[]> {
  return db.many<{ id: string }>(sql`select id from travaux where etat in ('pret', 'en_cours')
    and avance_le < now() - interval '10 minutes' and (debut_prevu is null or debut_prevu < now() - interval '10 minutes')
    and (reprise_le is null or reprise_le < now() - interval '10 minutes')`)
}
