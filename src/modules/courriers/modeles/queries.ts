import { type Db, brokenConstraint } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/errors.ts'
import type { Utilisateur } from '../../../kernel/page.ts'
import { sql } from '../../../kernel/sql.ts'
import { nameOf } from '../queries.ts'
import type { Contenu, Modele } from './modele.ts'

const COLUMNS = sql`m.id, m.cle, m.nom, m.genre, m.destinataire, m.objet, m.corps, m.delai_jours, m.questions, m.version,
  m.modifie_le, m.modifie_nom, m.retire_le`

/** The models in use by name, or those that were put aside. */
export function listModeles(db: Db, retires = false): Promise<Modele[]> {
  return db.many<Modele>(sql`select ${COLUMNS} from modeles_courriers m
    where (m.retire_le is not null) = ${retires} order by app.sans_accent(m.nom), m.id limit 500`)
}

/** @throws NotFound */
export function readModele(db: Db, id: string): Promise<Modele> {
  return db.one<Modele>(sql`select ${COLUMNS} from modeles_courriers m where m.id = ${id}`)
}

/** @throws NotFound */
export function lockModele(db: Db, id: string): Promise<Modele> {
  return db.one<Modele>(sql`select ${COLUMNS} from modeles_courriers m where m.id = ${id} for update`)
}

/** @throws Refusal when another model in use has that name */
export async function insertModele(db: Db, user: Utilisateur, c: Contenu): Promise<string> {
  const { id } = await named(() =>
    db.one<{
      id: string
    }>(sql`insert into modeles_courriers (nom, genre, destinataire, objet, corps, delai_jours,
        questions, modifie_nom)
      values (${c.nom}, ${c.genre}, ${c.destinataire}, ${c.objet}, ${c.corps}, ${c.delai_jours},
        ${JSON.stringify(c.questions)}::jsonb, ${nameOf(user)}) returning id`),
  )
  return id
}

/** Keeps what the model said until now, and says the new. @throws Refusal when another model has that name */
export async function saveModele(db: Db, user: Utilisateur, before: Modele, c: Contenu): Promise<void> {
  const { id, version, modifie_le, modifie_nom, cle: _, retire_le: __, ...contenu } = before
  await db.run(sql`insert into modele_courrier_versions (modele_id, version, contenu, le, nom)
    values (${id}, ${version}, ${JSON.stringify(contenu)}::jsonb, ${modifie_le}, ${modifie_nom})`)
  await named(() =>
    db.run(sql`update modeles_courriers set nom = ${c.nom}, genre = ${c.genre}, destinataire = ${c.destinataire},
        objet = ${c.objet}, corps = ${c.corps}, delai_jours = ${c.delai_jours},
        questions = ${JSON.stringify(c.questions)}::jsonb, version = version + 1, modifie_le = clock_timestamp(),
        modifie_nom = ${nameOf(user)}
      where id = ${id}`),
  )
}

/** Puts a model aside, or back. @throws Refusal when its name was given to another meanwhile */
export async function retireModele(db: Db, id: string, userId: string | null): Promise<void> {
  await named(() =>
    db.run(sql`update modeles_courriers set retire_par = ${userId},
      retire_le = case when ${userId}::uuid is null then null else now() end where id = ${id}`),
  )
}

async function named<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (brokenConstraint(error) !== 'modeles_courriers_nom') throw error
    throw new Refusal('Un autre modèle porte déjà ce nom.', 'nom')
  }
}

export interface Version {
  version: number
  contenu: Contenu
  le: string
  nom: string
}

export function listVersions(db: Db, modeleId: string): Promise<Version[]> {
  return db.many<Version>(sql`select v.version, v.contenu, v.le, v.nom from modele_courrier_versions v
    where v.modele_id = ${modeleId} order by v.version desc limit 50`)
}
