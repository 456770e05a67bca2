import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Comptes } from './comparaison.ts'
import type { Correspondance } from './correspondance.ts'

export type Etat = 'correspondance' | 'essai' | 'pret' | 'application' | 'applique' | 'abandonne'

export interface ImportRow {
  id: string
  genre: string
  entetes: string[]
  ligne_entete: number
  exemples: string[][]
  correspondance: Correspondance
  vides_effacent: boolean
  etat: Etat
  comptes: Comptes
  absents: 'garder' | 'retirer'
  absents_le: string | null
  /** Lines that the base had moved away from when the import was confirmed: the trial was run again. */
  perimees: number
  travail_id: string | null
  cree_le: string
  cree_par: string | null
  applique_le: string | null
  applique_par: string | null
  fichier: { nom: string; cle: string; taille: number }
}

const NOM = (
  qui: 'cree_par' | 'applique_par',
) => sql`(select nullif(trim(u.prenom || ' ' || u.nom), '') from utilisateurs u
  where u.organisme_id = i.organisme_id and u.id = ${qui === 'cree_par' ? sql`i.cree_par` : sql`i.applique_par`})`

const COLUMNS = sql`i.id, i.genre, i.entetes, i.ligne_entete, i.exemples, i.correspondance, i.vides_effacent, i.etat, i.comptes,
  i.absents, i.absents_le, i.perimees, i.travail_id, i.cree_le, ${NOM('cree_par')} as cree_par, i.applique_le,
  ${NOM('applique_par')} as applique_par,
  json_build_object('nom', f.nom, 'cle', f.cle, 'taille', f.taille) as fichier`
const FROM = sql`imports i join fichiers f on f.organisme_id = i.organisme_id and f.id = i.fichier_id`

/** The last ones. */
export function listImports(db: Db, limit: number): Promise<ImportRow[]> {
  return db.many<ImportRow>(sql`select ${COLUMNS} from ${FROM} order by i.cree_le desc, i.id limit ${limit}`)
}

/** @throws NotFound */
export function readImport(db: Db, id: string): Promise<ImportRow> {
  return db.one<ImportRow>(sql`select ${COLUMNS} from ${FROM} where i.id = ${id}`)
}

/** Kept from moving until the act is over. @throws NotFound */
export function lockImport(db: Db, id: string): Promise<ImportRow> {
  return db.one<ImportRow>(sql`select ${COLUMNS} from ${FROM} where i.id = ${id} for update of i`)
}

export async function insertImport(
  db: Db,
  row: Pick<ImportRow, 'genre' | 'entetes' | 'ligne_entete' | 'exemples'> & { fichierId: string },
): Promise<string> {
  const { id } = await db.one<{
    id: string
  }>(sql`insert into imports (genre, fichier_id, entetes, ligne_entete, exemples)
    values (${row.genre}, ${row.fichierId}, ${row.entetes}, ${row.ligne_entete}, ${JSON.stringify(row.exemples)}::jsonb) returning id`)
  return id
}

/** Goes from one state to the next, with the work that does it. */
export async function markWorking(
  db: Db,
  id: string,
  etat: 'essai' | 'application',
  travailId: string,
): Promise<void> {
  await db.run(sql`update imports set etat = ${etat}, travail_id = ${travailId} where id = ${id}`)
}

/** Back to where a person decides, when the work is called off or the columns are looked at again. */
export async function markIdle(db: Db, id: string, etat: 'correspondance' | 'pret'): Promise<void> {
  await db.run(sql`update imports set etat = ${etat} where id = ${id}
    and etat in ('essai', 'application', 'pret')`)
}

export async function setCorrespondance(
  db: Db,
  id: string,
  correspondance: Correspondance,
  videsEffacent: boolean,
): Promise<void> {
  await db.run(sql`update imports set correspondance = ${JSON.stringify(correspondance)}::jsonb,
    vides_effacent = ${videsEffacent}, perimees = 0 where id = ${id}`)
}

export async function setAbsents(
  db: Db,
  id: string,
  absents: 'garder' | 'retirer',
  le: string | null,
): Promise<void> {
  await db.run(sql`update imports set absents = ${absents}, absents_le = ${le}::date where id = ${id}`)
}

export async function markReady(db: Db, id: string, comptes: Comptes): Promise<void> {
  await db.run(
    sql`update imports set etat = 'pret', comptes = ${JSON.stringify(comptes)}::jsonb, essaye_le = now() where id = ${id}`,
  )
}

export async function markApplied(db: Db, id: string): Promise<void> {
  await db.run(sql`update imports set etat = 'applique', applique_le = now(), applique_par = app.utilisateur_id(), perimees = 0
    where id = ${id}`)
}

export async function markStale(db: Db, id: string, perimees: number): Promise<void> {
  await db.run(sql`update imports set perimees = ${perimees} where id = ${id}`)
}

export async function abandonImport(db: Db, id: string): Promise<void> {
  await db.run(sql`update imports set etat = 'abandonne', abandonne_le = now() where id = ${id}`)
  await deleteLignes(db, id)
}

export async function deleteLignes(db: Db, importId: string): Promise<void> {
  await db.run(sql`delete from import_lignes where import_id = ${importId}`)
}

/** The lines of what is over are kept for a quarter; the counts, the journal and the file stay. */
export async function forgetOldLignes(db: Db): Promise<void> {
  await db.run(sql`delete from import_lignes where import_id in (select id from imports
    where cree_le < now() - interval '90 days' and etat in ('applique', 'abandonne') order by cree_le limit 20)`)
}

export function readSouvenir(
  db: Db,
  genre: string,
  empreinte: string,
): Promise<{ correspondance: Record<string, string> } | undefined> {
  return db.maybe(
    sql`select correspondance from import_correspondances where genre = ${genre} and empreinte = ${empreinte}`,
  )
}

export async function rememberCorrespondance(
  db: Db,
  genre: string,
  empreinte: string,
  correspondance: Record<string, string>,
): Promise<void> {
  await db.run(sql`insert into import_correspondances (genre, empreinte, correspondance)
    values (${genre}, ${empreinte}, ${JSON.stringify(correspondance)}::jsonb)
    on conflict (organisme_id, genre, empreinte)
      do update set correspondance = excluded.correspondance, retenue_le = now()`)
}

export interface Ligne {
  ligne: number
  etat: keyof Comptes
  cle: string
  libelle: string
  valeurs: Record<string, unknown>
  avant: Record<string, unknown>
  champs: string[]
  adherent_id: string | null
  motifs: string[]
  cellules: string[]
}

/** The lines of one state in the order of the file, after or before one; reversed in the second case. */
export function listLignes(
  db: Db,
  importId: string,
  etat: keyof Comptes,
  place: { apres?: string | undefined; avant?: string | undefined },
  limit: number,
): Promise<Ligne[]> {
  const from =
    place.apres !== undefined
      ? sql`and ligne > ${Number(place.apres)}`
      : place.avant !== undefined
        ? sql`and ligne < ${Number(place.avant)}`
        : sql``
  const order = place.avant === undefined ? sql`ligne` : sql`ligne desc`
  return db.many<Ligne>(sql`select ligne, etat, cle, libelle, valeurs, avant, champs, adherent_id, motifs, cellules
    from import_lignes where import_id = ${importId} and etat = ${etat} ${from} order by ${order} limit ${limit}`)
}
