import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { Fil } from './message.ts'

const COLUMNS: Sql = sql`f.id, f.sujet, f.genre, f.ouvert_par, f.expediteur, f.expediteur_nom, f.destinataire,
  f.ouvert_le, f.ecrit_le, f.repondu_le, f.clos_le`

/** Answered since this person last read it. */
const NON_LU: Sql = sql`(f.repondu_le is not null and not exists (select from fils_lectures l
  where l.organisme_id = f.organisme_id and l.fil_id = f.id and l.utilisateur_id = app.utilisateur_id()
    and l.lu_le >= f.repondu_le))`

export interface Ligne extends Fil {
  non_lu: boolean
  pieces: number
}

export interface Place {
  apres?: string | undefined
  avant?: string | undefined
  limit: number
}

/** The threads of a person, newest first; oldest first when what stands before a cursor is asked. */
export function listFils(db: Db, { apres, avant, limit }: Place): Promise<Ligne[]> {
  const from = apres ?? avant
  const place = sql`((select x.ouvert_le from fils x where x.id = ${from ?? null}), ${from ?? null}::uuid)`
  const start =
    from === undefined
      ? sql`true`
      : avant === undefined
        ? sql`(f.ouvert_le, f.id) < ${place}`
        : sql`(f.ouvert_le, f.id) > ${place}`
  const order = avant === undefined ? sql`f.ouvert_le desc, f.id desc` : sql`f.ouvert_le, f.id`
  return db.many<Ligne>(sql`select ${COLUMNS}, ${NON_LU} as non_lu, (select count(*)::int from messages m
      join messages_fichiers p on p.organisme_id = m.organisme_id and p.message_id = m.id
      where m.organisme_id = f.organisme_id and m.fil_id = f.id) as pieces
    from fils f where ${start} order by ${order} limit ${limit}`)
}

/** Answers of the organisme that this person has not read. */
export async function countUnread(db: Db): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n from fils f where ${NON_LU}`)
  return n
}

/** The same, to be shown one by one. */
export function listUnread(db: Db, limit: number): Promise<Fil[]> {
  return db.many<Fil>(
    sql`select ${COLUMNS} from fils f where ${NON_LU} order by f.repondu_le, f.id limit ${limit}`,
  )
}

export interface FilFiche extends Fil {
  adherent_id: string | null
  adherent_numero: string | null
  structure_numero: string | null
  copies: string[]
}

/** @throws NotFound when this person may not see it. */
export function readFil(db: Db, id: string): Promise<FilFiche> {
  return db.one<FilFiche>(sql`select ${COLUMNS}, f.adherent_id, a.numero as adherent_numero, s.numero as structure_numero,
      coalesce((select json_agg(c.nom order by c.nom) from fils_copies c
        where c.organisme_id = f.organisme_id and c.fil_id = f.id), '[]') as copies
    from fils f
    left join adherents a on a.organisme_id = f.organisme_id and a.id = f.adherent_id
    left join structures s on s.organisme_id = f.organisme_id and s.id = f.structure_id
    where f.id = ${id}`)
}

/** Holds a thread until the act is over. @throws NotFound */
export function lockFil(db: Db, id: string): Promise<Fil> {
  return db.one<Fil>(sql`select ${COLUMNS} from fils f where f.id = ${id} for update`)
}

export interface Piece {
  id: string
  nom: string
  mime: string
  taille: number
  antivirus: string
}

export interface Message {
  id: string
  auteur_id: string
  auteur_nom: string
  de_l_organisme: boolean
  corps: string
  le: string
  pieces: Piece[]
}

export function listMessages(db: Db, filId: string): Promise<Message[]> {
  return db.many<Message>(sql`select m.id, m.auteur_id, m.auteur_nom, m.de_l_organisme, m.corps, m.le,
      coalesce((select json_agg(json_build_object('id', x.id, 'nom', x.nom, 'mime', x.mime, 'taille', x.taille,
          'antivirus', x.antivirus) order by p.ordre)
        from messages_fichiers p join fichiers x on x.organisme_id = p.organisme_id and x.id = p.fichier_id
        where p.organisme_id = m.organisme_id and p.message_id = m.id), '[]') as pieces
    from messages m where m.fil_id = ${filId} order by m.le, m.id`)
}

export async function markRead(db: Db, filId: string): Promise<void> {
  await db.run(sql`insert into fils_lectures (fil_id) values (${filId})
    on conflict (organisme_id, fil_id, utilisateur_id) do update set lu_le = clock_timestamp()`)
}

export interface PieceRow extends Piece {
  cle: string
  sha256: string
  adherent_id: string | null
}

/** A file, found through its thread and in no other way. @throws NotFound */
export function readPiece(db: Db, filId: string, fichierId: string): Promise<PieceRow> {
  return db.one<PieceRow>(sql`select x.id, x.nom, x.mime, x.taille, x.antivirus, x.cle, x.sha256, f.adherent_id
    from fils f
    join messages m on m.organisme_id = f.organisme_id and m.fil_id = f.id
    join messages_fichiers p on p.organisme_id = m.organisme_id and p.message_id = m.id
    join fichiers x on x.organisme_id = p.organisme_id and x.id = p.fichier_id
    where f.id = ${filId} and x.id = ${fichierId} limit 1`)
}

export interface Destinataire {
  id: string
  libelle: string
  courriel: string
}

/** The recipients that the organisme has predefined. */
export function listDestinataires(db: Db): Promise<Destinataire[]> {
  return db.many<Destinataire>(
    sql`select id, libelle, courriel from destinataires where ferme_le is null order by ordre, libelle`,
  )
}

export function findDestinataire(db: Db, id: string): Promise<Destinataire | undefined> {
  return db.maybe<Destinataire>(
    sql`select id, libelle, courriel from destinataires where id = ${id} and ferme_le is null`,
  )
}

export interface Collegue {
  id: string
  nom: string
}

/** The people of the same firm who have a log-in, the person herself apart. */
export async function listCollegues(db: Db): Promise<Collegue[]> {
  const { structureId, utilisateurId } = db.context
  if (!structureId) return []
  return db.many<Collegue>(sql`select id, trim(prenom || ' ' || nom) as nom from utilisateurs
    where structure_id = ${structureId} and id <> ${utilisateurId ?? null} and bloque_le is null
      and (parti_le is null or parti_le > current_date) order by nom, id limit 500`)
}

export interface NewFil {
  sujet: string
  genre?: Fil['genre']
  expediteur: string
  expediteurNom: string
  destinataireId: string | null
  destinataire: string
  copies: readonly Collegue[]
}

export async function insertFil(db: Db, fil: NewFil): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into fils (sujet, genre, expediteur, expediteur_nom, destinataire_id, destinataire)
    values (${fil.sujet}, ${fil.genre ?? 'message'}, ${fil.expediteur}, ${fil.expediteurNom}, ${fil.destinataireId},
      ${fil.destinataire}) returning id`)
  for (const copie of fil.copies) {
    await db.run(
      sql`insert into fils_copies (fil_id, utilisateur_id, nom) values (${id}, ${copie.id}, ${copie.nom})`,
    )
  }
  return id
}

/** One more word in a thread; the database moves the state of the thread with it. */
export async function insertMessage(
  db: Db,
  message: { filId: string; auteurNom: string; corps: string; fichierIds: readonly string[] },
): Promise<string> {
  const { filId, auteurNom, corps, fichierIds } = message
  const { id } = await db.one<{ id: string }>(sql`
    insert into messages (fil_id, auteur_nom, corps) values (${filId}, ${auteurNom}, ${corps}) returning id`)
  if (fichierIds.length > 0) {
    await db.run(sql`insert into messages_fichiers (message_id, fichier_id, ordre)
      select ${id}, fichier_id, ordre from unnest(${fichierIds}::uuid[]) with ordinality as u (fichier_id, ordre)`)
  }
  return id
}
