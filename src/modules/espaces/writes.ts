import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Audience } from '../audience/audience.ts'
import type { Genre } from './espace.ts'

/** One change of the tree at a time, before any row is locked: two that cross would wait for each other. */
export async function lockTree(db: Db): Promise<void> {
  await db.run(sql`select pg_advisory_xact_lock(hashtextextended('espaces:' || app.organisme_id()::text, 0))`)
}

export interface Locked {
  id: string
  parent_id: string | null
  genre: Genre
  titre: string
  revision: number
  retire_le: string | null
  modifie_le: string
  modifie_par_nom: string | null
}

/** @throws NotFound */
export function lockElement(db: Db, id: string): Promise<Locked> {
  return db.one<Locked>(sql`select e.id, e.parent_id, e.genre, e.titre, e.revision, e.retire_le, e.modifie_le,
      (select concat_ws(' ', u.prenom, u.nom) from utilisateurs u where u.id = e.modifie_par) as modifie_par_nom
    from espaces e where e.id = ${id} for update`)
}

export interface Contenu extends Audience {
  titre: string
  resume: string
  url: string
  pour_modules: string[]
}

/** At the end of its folder. */
export async function insertElement(
  db: Db,
  element: Contenu & { genre: Genre; parentId: string | null },
): Promise<string> {
  const { genre, parentId, titre, resume, url, pour_roles, pour_professions, pour_modules } = element
  const { id } = await db.one<{ id: string }>(sql`
    insert into espaces (parent_id, genre, titre, resume, url, pour_roles, pour_professions, pour_modules, rang)
    values (${parentId}, ${genre}, ${titre}, ${resume}, ${url}, ${pour_roles}, ${pour_professions}, ${pour_modules},
      (select coalesce(max(rang), 0) + 1 from espaces where parent_id is not distinct from ${parentId}::uuid))
    returning id`)
  return id
}

const TOUCHED = sql`modifie_par = app.utilisateur_id(), modifie_le = now(), revision = revision + 1`

export async function updateElement(db: Db, id: string, contenu: Contenu): Promise<void> {
  const { titre, resume, url, pour_roles, pour_professions, pour_modules } = contenu
  await db.run(sql`update espaces set titre = ${titre}, resume = ${resume}, url = ${url}, pour_roles = ${pour_roles},
    pour_professions = ${pour_professions}, pour_modules = ${pour_modules}, ${TOUCHED} where id = ${id}`)
}

/** Adds the next version and puts it in force. */
export async function insertVersion(
  db: Db,
  id: string,
  fichierId: string,
): Promise<{ id: string; numero: number }> {
  const version = await db.one<{
    id: string
    numero: number
  }>(sql`insert into espace_versions (espace_id, fichier_id, numero)
    values (${id}, ${fichierId}, (select coalesce(max(numero), 0) + 1 from espace_versions where espace_id = ${id}))
    returning id, numero`)
  await db.run(sql`update espaces set version_id = ${version.id}, ${TOUCHED} where id = ${id}`)
  return version
}

/** @throws the constraints `espaces_sans_boucle`, `espaces_dans_un_dossier`, `espaces_profondeur`. */
export async function moveElement(
  db: Db,
  id: string,
  parentId: string | null,
  first: boolean,
): Promise<void> {
  const place = first ? sql`coalesce(min(rang), 0) - 1` : sql`coalesce(max(rang), 0) + 1`
  await db.run(sql`update espaces set parent_id = ${parentId}, rang = (select ${place} from espaces
      where parent_id is not distinct from ${parentId}::uuid), ${TOUCHED} where id = ${id}`)
}

export async function listSiblings(db: Db, parentId: string | null): Promise<{ id: string; genre: Genre }[]> {
  return db.many<{ id: string; genre: Genre }>(sql`select id, genre from espaces
    where parent_id is not distinct from ${parentId}::uuid order by rang, titre, id`)
}

export async function orderSiblings(db: Db, ids: readonly string[]): Promise<void> {
  await db.run(sql`update espaces e set rang = o.rang from unnest(${ids}::uuid[]) with ordinality as o(id, rang)
    where e.id = o.id and e.rang <> o.rang`)
}

export async function withdraw(db: Db, id: string): Promise<void> {
  await db.run(
    sql`update espaces set retire_le = now(), retire_par = app.utilisateur_id(), ${TOUCHED} where id = ${id}`,
  )
}

export async function restore(db: Db, id: string): Promise<void> {
  await db.run(sql`update espaces set retire_le = null, retire_par = null, ${TOUCHED} where id = ${id}`)
}
