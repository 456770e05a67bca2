import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import type { EtatFiltre } from './forms.ts'
import { COLUMNS, type TransfersQuestion, beyond } from './queries.ts'
import type { Genre, Transfert } from './transfert.ts'

export interface TransfertLigne extends Transfert {
  adherent_numero: string
  adherent_nom: string
}

export interface StaffQuestion extends TransfersQuestion {
  etat: EtatFiltre
  genre: Genre | undefined
  /** Number of an acknowledgement, number or name of an adhérent, as typed. */
  q: string
}

/** What members have sent, newest first; oldest first when what stands before a cursor is asked. */
export function listTransferts(db: Db, question: StaffQuestion): Promise<TransfertLigne[]> {
  const { apres, avant, limit } = question
  const where = [...conditions(question)]
  if (apres !== undefined) where.push(beyond(apres, 'after'))
  else if (avant !== undefined) where.push(beyond(avant, 'before'))
  const order = avant === undefined ? sql`t.annee desc, t.numero desc` : sql`t.annee, t.numero`
  return db.many<TransfertLigne>(sql`select ${COLUMNS}, a.numero as adherent_numero, a.denomination as adherent_nom
    from transferts t join adherents a on a.organisme_id = t.organisme_id and a.id = t.adherent_id
    where ${join(where, ' and ')} order by ${order} limit ${limit}`)
}

function conditions({ etat, genre, q }: StaffQuestion): Sql[] {
  const list = [ETATS[etat]]
  if (genre !== undefined) list.push(sql`t.genre = ${genre}`)
  if (q !== '') list.push(matching(q))
  return list
}

const ETATS: Record<EtatFiltre, Sql> = {
  a_traiter: sql`t.decide_par is null`,
  en_analyse: sql`t.decide_par is null and exists (select from transferts_fichiers l
    join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
    where l.organisme_id = t.organisme_id and l.transfert_id = t.id and f.antivirus = 'en_attente')`,
  pris_en_compte: sql`t.pris_en_compte_le is not null`,
  refuse: sql`t.refuse_le is not null`,
  tous: sql`true`,
}

/** Names that match are few; a search as short as one letter stops at five hundred. */
const MAX_ADHERENTS = 500

function matching(q: string): Sql {
  const accuse = /^(?:t\s*-?\s*)?(\d{4})\s*-\s*(\d{1,6})$/i.exec(q)
  if (accuse) return sql`t.annee = ${Number(accuse[1])} and t.numero = ${Number(accuse[2])}`
  if (/^\d{1,10}$/.test(q)) {
    // A prefix as a range, in the order of bytes: « : » follows « 9 ».
    return sql`t.adherent_id in (select id from adherents where numero >= ${q} and numero < ${`${q}:`})`
  }
  return sql`t.adherent_id in (select app.chercher_adherents(${q}, ${MAX_ADHERENTS}))`
}
