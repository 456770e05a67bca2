import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { Bilan } from './import.ts'
import type { Refusee } from './lignes.ts'
import type { Publiee, Recue } from './statistique.ts'

export interface Import {
  id: string
  fichier: string
  lignes: Recue[]
  refusees: Refusee[]
  bilan: Bilan
  cree_le: string
  confirme_le: string | null
}

type Nouveau = Pick<Import, 'id' | 'fichier' | 'lignes' | 'refusees' | 'bilan'> & { sha256: string }

export async function insertImport(db: Db, trial: Nouveau): Promise<void> {
  const { id, fichier, sha256, lignes, refusees, bilan } = trial
  await db.run(sql`insert into statistiques_imports (id, fichier, sha256, lignes, refusees, bilan) values (${id}, ${fichier},
    ${sha256}, ${JSON.stringify(lignes)}::jsonb, ${JSON.stringify(refusees)}::jsonb, ${JSON.stringify(bilan)}::jsonb)`)
}

/** Without its lines. @throws NotFound */
export function readImport(db: Db, id: string): Promise<Omit<Import, 'lignes'> & { cree_par_nom: string }> {
  return db.one<
    Omit<Import, 'lignes'> & { cree_par_nom: string }
  >(sql`select i.id, i.fichier, i.refusees, i.bilan, i.cree_le,
      i.confirme_le, concat_ws(' ', u.prenom, u.nom) as cree_par_nom
    from statistiques_imports i join utilisateurs u on u.organisme_id = i.organisme_id and u.id = i.cree_par
    where i.id = ${id}`)
}

/** The newest twenty. */
export function listImports(
  db: Db,
): Promise<(Omit<Import, 'lignes' | 'refusees'> & { cree_par_nom: string })[]> {
  return db.many<
    Omit<Import, 'lignes' | 'refusees'> & { cree_par_nom: string }
  >(sql`select i.id, i.fichier, i.bilan,
      i.cree_le, i.confirme_le, concat_ws(' ', u.prenom, u.nom) as cree_par_nom
    from statistiques_imports i join utilisateurs u on u.organisme_id = i.organisme_id and u.id = i.cree_par
    order by i.cree_le desc limit 20`)
}

/** One import at a time: a table is published from all that was received of it. */
export async function lockStatistiques(db: Db): Promise<void> {
  await db.run(
    sql`select pg_advisory_xact_lock(hashtextextended('statistiques:' || app.organisme_id()::text, 0))`,
  )
}

/** @throws NotFound */
export function lockImport(db: Db, id: string): Promise<Import> {
  return db.one<Import>(sql`select id, fichier, lignes, refusees, bilan, cree_le, confirme_le from statistiques_imports
    where id = ${id} for update`)
}

export async function markConfirmed(db: Db, id: string): Promise<void> {
  await db.run(sql`update statistiques_imports set confirme_le = now(), confirme_par = app.utilisateur_id(), lignes = '[]'
    where id = ${id}`)
}

const RECUE = sql`r.profession, r.categorie, r.annee, r.region, r.tranche, r.poste, r.effectif, r.part_max, r.moyenne, r.q1,
  r.mediane, r.q3`

function asRows(lines: readonly Recue[]): Sql {
  return sql`jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as l(profession text, categorie text, annee int,
    region text, tranche text, poste text, effectif int, part_max numeric, moyenne numeric, q1 numeric, mediane numeric,
    q3 numeric)`
}

const SAME_CELL = sql`r.profession = l.profession and r.categorie = l.categorie and r.annee = l.annee
  and r.region = l.region and r.tranche = l.tranche and r.poste = l.poste`

/** What is there already under the same keys. */
export function listSame(db: Db, lines: readonly Recue[]): Promise<Recue[]> {
  return db.many<Recue>(sql`select ${RECUE} from ${asRows(lines)} join statistiques_recues r on ${SAME_CELL}`)
}

/** Every territory and band of the professions, years and postes of these lines. */
export function listTables(db: Db, lines: readonly Recue[]): Promise<Recue[]> {
  return db.many<Recue>(sql`select ${RECUE} from statistiques_recues r where (r.profession, r.categorie, r.annee, r.poste) in
    (select distinct l.profession, l.categorie, l.annee, l.poste from ${asRows(lines)})`)
}

/** Adds what is new and changes what differs. @returns how many rows that is */
export function upsertReceived(db: Db, lines: readonly Recue[], importId: string): Promise<number> {
  return db.run(sql`insert into statistiques_recues as r (profession, categorie, annee, region, tranche, poste, effectif,
      part_max, moyenne, q1, mediane, q3, import_id)
    select l.*, ${importId}::uuid from ${asRows(lines)}
    on conflict (organisme_id, profession, categorie, annee, region, tranche, poste) do update
      set effectif = excluded.effectif, part_max = excluded.part_max, moyenne = excluded.moyenne, q1 = excluded.q1,
        mediane = excluded.mediane, q3 = excluded.q3, import_id = excluded.import_id, modifie_le = now()
      where (r.effectif, r.part_max, r.moyenne, r.q1, r.mediane, r.q3) is distinct from
        (excluded.effectif, excluded.part_max, excluded.moyenne, excluded.q1, excluded.mediane, excluded.q3)`)
}

export async function deletePublished(db: Db, lines: readonly Recue[]): Promise<void> {
  await db.run(sql`delete from statistiques_publiees p where (p.profession, p.categorie, p.annee, p.poste) in
    (select distinct l.profession, l.categorie, l.annee, l.poste from ${asRows(lines)})`)
}

export async function insertPublished(db: Db, rows: readonly Publiee[]): Promise<void> {
  await db.run(sql`insert into statistiques_publiees (profession, categorie, annee, region, tranche, poste, effectif,
      diffusion, moyenne, q1, mediane, q3)
    select l.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l(profession text, categorie text, annee int,
      region text, tranche text, poste text, effectif int, diffusion text, moyenne numeric, q1 numeric, mediane numeric,
      q3 numeric)`)
}
