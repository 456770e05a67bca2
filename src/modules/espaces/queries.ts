import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { Element, ElementGere } from './espace.ts'

/** Beyond, a tree is shown one level at a time. */
export const TOO_MANY = 1000

const ELEMENT = sql`e.id, e.parent_id, e.genre, e.titre, e.resume, e.url, e.modifie_le, f.mime, f.taille, f.antivirus`
const WITH_FILE = sql`espaces e
  left join espace_versions v on v.organisme_id = e.organisme_id and v.id = e.version_id
  left join fichiers f on f.organisme_id = v.organisme_id and f.id = v.fichier_id`

/** All that the person sees under a folder (null: everywhere), at most one more than TOO_MANY. */
export function listTree(db: Db, root: string | null): Promise<Element[]> {
  const under = root === null ? sql`true` : sql`${root} = any(e.chemin) and e.id <> ${root}`
  return db.many<Element>(
    sql`select ${ELEMENT} from ${WITH_FILE} where ${under} order by e.rang, e.titre, e.id limit ${TOO_MANY + 1}`,
  )
}

/** One level; the folders that it holds say whether they hold something. */
export function listLevel(db: Db, parent: string | null): Promise<(Element & { vide: boolean })[]> {
  return db.many<Element & { vide: boolean }>(sql`select ${ELEMENT},
      e.genre = 'dossier' and not exists (select from espaces d where e.id = any(d.chemin) and d.genre <> 'dossier') as vide
    from ${WITH_FILE} where ${childOf(parent)} order by e.rang, e.titre, e.id limit ${TOO_MANY}`)
}

function childOf(parent: string | null): Sql {
  return parent === null ? sql`e.parent_id is null` : sql`e.parent_id = ${parent}`
}

/** @throws NotFound when this person does not see it. */
export function readElement(db: Db, id: string): Promise<Element & { chemin: string[] }> {
  return db.one<Element & { chemin: string[] }>(
    sql`select ${ELEMENT}, e.chemin from ${WITH_FILE} where e.id = ${id}`,
  )
}

/** Names from the root down to a folder, for the breadcrumb. */
export function listWay(db: Db, id: string): Promise<{ id: string; titre: string }[]> {
  return db.many<{ id: string; titre: string }>(sql`select d.id, d.titre from espaces e
    join espaces d on d.organisme_id = e.organisme_id and d.id = any(e.chemin)
    where e.id = ${id} order by array_position(e.chemin, d.id)`)
}

export interface Fichier {
  cle: string
  nom: string
  mime: string
  taille: number
  sha256: string
  antivirus: string
}

/** The file in force. @throws NotFound */
export function readFile(db: Db, id: string): Promise<Fichier> {
  return db.one<Fichier>(sql`select f.cle, f.nom, f.mime, f.taille, f.sha256, f.antivirus from espaces e
    join espace_versions v on v.organisme_id = e.organisme_id and v.id = e.version_id
    join fichiers f on f.organisme_id = v.organisme_id and f.id = v.fichier_id where e.id = ${id}`)
}

/** This person has opened it, once more. */
export async function markRead(db: Db, id: string): Promise<void> {
  await db.run(sql`insert into espace_lectures (espace_id) values (${id})
    on conflict (organisme_id, espace_id, utilisateur_id)
    do update set nombre = espace_lectures.nombre + 1, derniere_le = now()`)
}

export interface Trouvaille extends Element {
  /** Names of the folders above. */
  lieu: string[]
  /** A passage, the words found between \u0002 and \u0003; null when nothing of the file's text matches. */
  extrait: string | null
}

/** Characters of a text in which a passage is looked for: it costs as much as what is read. */
const PASSAGE_FROM = 60_000

/** The best `limit` for these words, joined through the policies; passages are cut for these rows alone. */
export function search(db: Db, words: string, limit: number): Promise<Trouvaille[]> {
  return db.many<Trouvaille>(sql`
    with demande as (select websearch_to_tsquery('app.francais', ${words}) as q),
    trouves as materialized (
      select ${ELEMENT}, e.chemin, v.id as version, c.note from app.chercher_espaces(${words}, 1000) c
      join espaces e on e.id = c.element
      left join espace_versions v on v.organisme_id = e.organisme_id and v.id = e.version_id
      left join fichiers f on f.organisme_id = v.organisme_id and f.id = v.fichier_id
      order by c.note desc, e.titre, e.id limit ${limit})
    select t.*, array(select d.titre from espaces d where d.id = any(t.chemin) and d.id <> t.id
        order by array_position(t.chemin, d.id)) as lieu,
      (select ts_headline('app.francais', left(v.texte, ${PASSAGE_FROM}), d.q,
          'MaxFragments=1, MinWords=12, MaxWords=28, StartSel=' || chr(2) || ', StopSel=' || chr(3))
        from espace_versions v, demande d where v.id = t.version and v.vecteur @@ d.q) as extrait
    from trouves t order by t.note desc, t.titre, t.id`)
}

const READERS = sql`(select count(*)::int from espace_lectures l where l.organisme_id = e.organisme_id and l.espace_id = e.id)
    as lecteurs,
  (select coalesce(sum(l.nombre), 0)::int from espace_lectures l where l.organisme_id = e.organisme_id and l.espace_id = e.id)
    as lectures`
const MANAGED = sql`${ELEMENT}, e.pour_roles, e.pour_professions, e.pour_modules, e.revision, e.retire_le, ${READERS},
  (select count(*)::int from espace_versions w where w.organisme_id = e.organisme_id and w.espace_id = e.id) as versions`

/** What a folder holds (null: the root), as staff sees it. */
export function listManaged(db: Db, parent: string | null): Promise<ElementGere[]> {
  return db.many<ElementGere>(
    sql`select ${MANAGED} from ${WITH_FILE} where ${childOf(parent)} order by e.rang, e.titre, e.id limit ${TOO_MANY}`,
  )
}

export interface FicheGeree extends ElementGere {
  chemin: string[]
  cree_le: string
  modifie_par_nom: string | null
  retire_par_nom: string | null
  /** The nearest folder above that is withdrawn, by which this is withdrawn too. */
  retire_avec: string | null
  texte_etat: string | null
}

/** @throws NotFound */
export function readManaged(db: Db, id: string): Promise<FicheGeree> {
  return db.one<FicheGeree>(sql`select ${MANAGED}, e.chemin, e.cree_le, v.texte_etat,
      concat_ws(' ', m.prenom, m.nom) as modifie_par_nom, concat_ws(' ', r.prenom, r.nom) as retire_par_nom,
      (select d.titre from espaces d where d.id = any(e.chemin) and d.id <> e.id and d.retire_le is not null limit 1)
        as retire_avec
    from ${WITH_FILE}
    left join utilisateurs m on m.organisme_id = e.organisme_id and m.id = e.modifie_par
    left join utilisateurs r on r.organisme_id = e.organisme_id and r.id = e.retire_par
    where e.id = ${id}`)
}

export interface Version {
  id: string
  numero: number
  depose_le: string
  depose_par_nom: string | null
  nom: string
  mime: string
  taille: number
  antivirus: string
  en_vigueur: boolean
}

/** Newest first. */
export function listVersions(db: Db, id: string): Promise<Version[]> {
  return db.many<Version>(sql`select v.id, v.numero, v.depose_le, concat_ws(' ', u.prenom, u.nom) as depose_par_nom,
      f.nom, f.mime, f.taille, f.antivirus, e.version_id = v.id as en_vigueur
    from espace_versions v join fichiers f on f.organisme_id = v.organisme_id and f.id = v.fichier_id
    join espaces e on e.organisme_id = v.organisme_id and e.id = v.espace_id
    left join utilisateurs u on u.organisme_id = v.organisme_id and u.id = v.depose_par
    where v.espace_id = ${id} order by v.numero desc limit 100`)
}

/** Any version of this element, for staff. @throws NotFound */
export function readVersion(db: Db, id: string, version: string): Promise<Fichier> {
  return db.one<Fichier>(sql`select f.cle, f.nom, f.mime, f.taille, f.sha256, f.antivirus from espace_versions v
    join fichiers f on f.organisme_id = v.organisme_id and f.id = v.fichier_id
    where v.espace_id = ${id} and v.id = ${version}`)
}

export interface Lecteur {
  nom: string
  role: string
  premiere_le: string
  derniere_le: string
  nombre: number
}

/** Who opened it, latest first; the first two hundred. */
export function listReaders(db: Db, id: string): Promise<Lecteur[]> {
  return db.many<Lecteur>(sql`select concat_ws(' ', u.civilite, u.prenom, u.nom) as nom, u.role, l.premiere_le, l.derniere_le,
      l.nombre from espace_lectures l join utilisateurs u on u.organisme_id = l.organisme_id and u.id = l.utilisateur_id
    where l.espace_id = ${id} order by l.derniere_le desc limit 200`)
}

/** Every folder, for the choice of a place. */
export function listFolders(db: Db): Promise<{ id: string; titre: string; chemin: string[] }[]> {
  return db.many<{ id: string; titre: string; chemin: string[] }>(
    sql`select id, titre, chemin from espaces where genre = 'dossier' limit 2000`,
  )
}

export interface ElementListe extends ElementGere {
  /** Titles of the folders above, from the root. */
  lieu: string[]
}

/** Everything of the tree, in the order of the ids, after one. */
export function listEverything(db: Db, apres: string | undefined, limit: number): Promise<ElementListe[]> {
  return db.many<ElementListe>(sql`select ${MANAGED}, array(select d.titre from espaces d
      where d.organisme_id = e.organisme_id and d.id = any(e.chemin) and d.id <> e.id
      order by array_position(e.chemin, d.id)) as lieu
    from ${WITH_FILE} where ${apres === undefined ? sql`true` : sql`e.id > ${apres}`} order by e.id limit ${limit}`)
}
