import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Poste, Publiee } from './statistique.ts'

export interface Choix {
  profession: string
  categorie: string
  annee: number
  region: string
  tranche: string
}

/** What may be asked for: every table that holds something, newest year first. */
export function listChoix(db: Db): Promise<Choix[]> {
  return db.many<Choix>(sql`select distinct profession, categorie, annee, region, tranche from statistiques_publiees
    order by annee desc, profession, region, tranche limit 20000`)
}

/** One table: a line for each poste. */
export function readTable(db: Db, choix: Choix): Promise<Publiee[]> {
  const { profession, categorie, annee, region, tranche } = choix
  return db.many<Publiee>(sql`select profession, categorie, annee, region, tranche, poste, effectif, diffusion,
      moyenne, q1, mediane, q3 from statistiques_publiees
    where profession = ${profession} and categorie = ${categorie} and annee = ${annee} and region = ${region}
      and tranche = ${tranche}`)
}

/** The medians of some postes, year after year. */
export function listYears(db: Db, choix: Choix, postes: readonly Poste[]): Promise<Publiee[]> {
  const { profession, categorie, annee, region, tranche } = choix
  return db.many<Publiee>(sql`select annee, poste, effectif, diffusion, mediane from statistiques_publiees
    where profession = ${profession} and categorie = ${categorie} and region = ${region} and tranche = ${tranche}
      and poste = any(${postes}) and annee between ${annee - 5} and ${annee} order by annee`)
}

/** Everything published of a year, for a file. */
export function listPublished(
  db: Db,
  annee: number,
  last: Publiee | undefined,
  limit: number,
): Promise<Publiee[]> {
  const after = last
    ? sql`and (profession, categorie, region, tranche, poste)
        > (${last.profession}, ${last.categorie}, ${last.region}, ${last.tranche}, ${last.poste})`
    : sql``
  return db.many<Publiee>(sql`select profession, categorie, annee, region, tranche, poste, effectif, diffusion,
      moyenne, q1, mediane, q3 from statistiques_publiees where annee = ${annee} ${after}
    order by profession, categorie, region, tranche, poste limit ${limit}`)
}

export interface Dossier {
  professions: string[]
  code_postal: string
}

/** The adhérent who asks. */
export function readDossier(db: Db, id: string): Promise<Dossier | undefined> {
  return db.maybe<Dossier>(sql`select professions, code_postal from adherents where id = ${id}`)
}

/** His own accounts that end in one of these years, oldest first. */
export function listComptes(
  db: Db,
  adherentId: string,
  annee: number,
): Promise<{ annee: number; comptes: unknown }[]> {
  return db.many<{
    annee: number
    comptes: unknown
  }>(sql`select extract(year from fin)::int as annee, comptes from clotures
    where adherent_id = ${adherentId} and comptes is not null
      and fin between make_date(${annee - 6}, 1, 1) and make_date(${annee}, 12, 31) order by fin`)
}
