import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { Fichier, Genre, Transfert } from './transfert.ts'

const FILES = sql`(select coalesce(json_agg(json_build_object('id', f.id, 'nom', f.nom, 'mime', f.mime,
      'taille', f.taille, 'sha256', f.sha256, 'antivirus', f.antivirus, 'efface_le', f.efface_le) order by l.ordre), '[]')
    from transferts_fichiers l join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
    where l.organisme_id = t.organisme_id and l.transfert_id = t.id) as fichiers`

export const COLUMNS: Sql = sql`t.id, t.accuse, t.genre, t.adherent_id, t.depose_le, t.pris_en_compte_le, t.refuse_le,
  t.motif, ${FILES}`

/** The year and the number that an acknowledgement is made of, to read on from it. */
export function beyond(cursor: string, way: 'before' | 'after'): Sql {
  const annee = Number(cursor.slice(2, 6))
  const numero = Number(cursor.slice(7))
  return way === 'after'
    ? sql`(t.annee, t.numero) < (${annee}::int, ${numero}::int)`
    : sql`(t.annee, t.numero) > (${annee}::int, ${numero}::int)`
}

export interface TransfersQuestion {
  apres?: string | undefined
  avant?: string | undefined
  limit: number
}

/** What the adhérent who asks has sent, newest first; oldest first when what stands before a cursor is asked. */
export function listMine(db: Db, question: TransfersQuestion): Promise<Transfert[]> {
  return listOf(db, db.context.adherentId ?? null, question)
}

/** What has been sent for one adhérent, as far as this person sees him. */
export function listOf(
  db: Db,
  adherentId: string | null,
  { apres, avant, limit }: TransfersQuestion,
): Promise<Transfert[]> {
  const place =
    apres !== undefined ? beyond(apres, 'after') : avant !== undefined ? beyond(avant, 'before') : sql`true`
  const order = avant === undefined ? sql`t.annee desc, t.numero desc` : sql`t.annee, t.numero`
  return db.many<Transfert>(sql`select ${COLUMNS} from transferts t
    where t.adherent_id = ${adherentId} and ${place} order by ${order} limit ${limit}`)
}

/** For the home page, in one query. */
export function derniersTransferts(db: Db, n: number): Promise<Transfert[]> {
  return listMine(db, { limit: n })
}

export interface TransfertFiche extends Transfert {
  message: string
  adherent_numero: string
  adherent_nom: string
  depose_par: string
  depose_par_nom: string | null
  decide_par_nom: string | null
}

/** @throws NotFound when this person may not see it. */
export function readTransfert(db: Db, id: string): Promise<TransfertFiche> {
  return db.one<TransfertFiche>(sql`select ${COLUMNS}, t.message, t.depose_par, a.numero as adherent_numero,
      a.denomination as adherent_nom, trim(d.prenom || ' ' || d.nom) as depose_par_nom,
      trim(c.prenom || ' ' || c.nom) as decide_par_nom
    from transferts t
    join adherents a on a.organisme_id = t.organisme_id and a.id = t.adherent_id
    left join utilisateurs d on d.organisme_id = t.organisme_id and d.id = t.depose_par
    left join utilisateurs c on c.organisme_id = t.organisme_id and c.id = t.decide_par
    where t.id = ${id}`)
}

/** Holds a transfer until the act is over, so that two people never decide at once. @throws NotFound */
export async function lockTransfert(db: Db, id: string): Promise<TransfertFiche> {
  await db.one(sql`select id from transferts where id = ${id} for update`)
  return readTransfert(db, id)
}

export interface FichierRow extends Fichier {
  cle: string
  accuse: string
  adherent_id: string
}

/** A file, found through its transfer and in no other way. @throws NotFound */
export function readFichier(db: Db, transfertId: string, fichierId: string): Promise<FichierRow> {
  return db.one<FichierRow>(sql`select f.id, f.nom, f.mime, f.taille, f.sha256, f.antivirus, f.efface_le, f.cle, t.accuse, t.adherent_id
    from transferts t
    join transferts_fichiers l on l.organisme_id = t.organisme_id and l.transfert_id = t.id
    join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
    where t.id = ${transfertId} and f.id = ${fichierId}`)
}

/** Numbers the transfer, last of all its rows: the next sender waits from here to the commit. */
export async function insertTransfert(
  db: Db,
  transfert: {
    annee: number
    genre: Genre
    message: string
    adherentId: string
    fichierIds: readonly string[]
  },
): Promise<{ id: string; accuse: string }> {
  const { annee, genre, message, adherentId, fichierIds } = transfert
  const row = await db.one<{ id: string; accuse: string }>(sql`
    insert into transferts (annee, numero, adherent_id, genre, message)
    values (${annee}, app.numero_transfert(${annee}), ${adherentId}, ${genre}, ${message}) returning id, accuse`)
  await db.run(sql`insert into transferts_fichiers (transfert_id, fichier_id, ordre)
    select ${row.id}, fichier_id, ordre from unnest(${fichierIds}::uuid[]) with ordinality as u (fichier_id, ordre)`)
  return row
}

export async function markTaken(db: Db, id: string, userId: string): Promise<void> {
  await db.run(sql`update transferts set pris_en_compte_le = now(), decide_par = ${userId} where id = ${id}`)
}

export async function markRefused(db: Db, id: string, userId: string, motif: string): Promise<void> {
  await db.run(
    sql`update transferts set refuse_le = now(), decide_par = ${userId}, motif = ${motif} where id = ${id}`,
  )
}
