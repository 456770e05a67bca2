import type { Db } from '../../../kernel/db.ts'
import type { Utilisateur } from '../../../kernel/page.ts'
import { type Sql, join, sql } from '../../../kernel/sql.ts'
import { filters } from '../gestion/liste-queries.ts'
import { nameOf } from '../queries.ts'
import type { Filtres } from './forms.ts'

/** Minutes for which a courrier is somebody's, counted again at each page that he opens of it. */
const PRISE_MIN = 15

export interface Prise {
  utilisateur_id: string
  nom: string
  jusqu_a: string
}

const queue = (q: Filtres): Sql =>
  join([sql`c.repondu_le is not null and c.clos_le is null`, ...filters(q)], ' and ')

/** The next answer that nobody is at, in the order in which they came, after that one when it is given. */
export async function takeNext(
  db: Db,
  user: Utilisateur,
  q: Filtres,
  now: Date,
  after?: { id: string; place: string },
): Promise<string | undefined> {
  const tried: string[] = []
  // Somebody may take the same one at the same instant: the claim decides, and the next one is tried.
  for (let i = 0; i < 20; i++) {
    const found = await db.maybe<{ id: string }>(sql`select c.id from courriers c
      where ${queue(q)} and c.id <> all(${tried}::uuid[]) and ${
        after === undefined
          ? sql`true`
          : sql`(c.repondu_le, c.id) > (${after.place}::timestamptz, ${after.id}::uuid)`
      }
        and not exists (select from courrier_prises p where p.organisme_id = c.organisme_id and p.courrier_id = c.id
          and p.utilisateur_id <> ${user.id} and p.jusqu_a > ${now.toISOString()}::timestamptz)
      order by c.repondu_le, c.id limit 1 for update of c skip locked`)
    if (!found) return undefined
    if (await take(db, user, found.id, now)) return found.id
    tried.push(found.id)
  }
  return undefined
}

/** Claims a courrier, or claims it longer; false when somebody else is at it. */
export async function take(
  db: Db,
  user: Utilisateur,
  courrierId: string,
  now: Date,
  force = false,
): Promise<boolean> {
  const until = new Date(now.getTime() + PRISE_MIN * 60_000).toISOString()
  const touched = await db.run(sql`insert into courrier_prises (courrier_id, utilisateur_id, nom, jusqu_a)
    values (${courrierId}, ${user.id}, ${nameOf(user)}, ${until}::timestamptz)
    on conflict (organisme_id, courrier_id) do update set utilisateur_id = excluded.utilisateur_id, nom = excluded.nom,
      jusqu_a = excluded.jusqu_a
    where ${force} or courrier_prises.utilisateur_id = excluded.utilisateur_id
      or courrier_prises.jusqu_a <= ${now.toISOString()}::timestamptz`)
  return touched > 0
}

export async function release(db: Db, userId: string, courrierId: string): Promise<void> {
  await db.run(
    sql`delete from courrier_prises where courrier_id = ${courrierId} and utilisateur_id = ${userId}`,
  )
}

/** Who is at it, himself included. */
export function findPrise(db: Db, courrierId: string, now: Date): Promise<Prise | undefined> {
  return db.maybe<Prise>(sql`select p.utilisateur_id, p.nom, p.jusqu_a from courrier_prises p
    where p.courrier_id = ${courrierId} and p.jusqu_a > ${now.toISOString()}::timestamptz`)
}

/** Where this courrier stands among those that wait; rang 0 when it waits no more. */
export async function placeInQueue(
  db: Db,
  q: Filtres,
  courrierId: string,
): Promise<{ rang: number; total: number }> {
  return db.one<{ rang: number; total: number }>(sql`select count(*)::int as total,
      coalesce(count(*) filter (where (c.repondu_le, c.id) <= (select x.repondu_le, x.id from courriers x
        where x.id = ${courrierId} and x.repondu_le is not null and x.clos_le is null)), 0)::int as rang
    from courriers c where ${queue(q)}`)
}
