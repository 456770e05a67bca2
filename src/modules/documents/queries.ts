import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Document, Genre } from './document.ts'

export interface DocumentFile extends Document {
  cle: string
  nom: string
  mime: string
  taille: number
  sha256: string
  antivirus: string
}

export interface DocumentFiche extends DocumentFile {
  fin: string | null
  adherent_numero: string
  adherent_nom: string
  emis_par_nom: string | null
  publie_par_nom: string | null
  retire_par_nom: string | null
  remplace_numero: string | null
  remplacant_id: string | null
}

const COLUMNS = sql`d.id, d.adherent_id, d.cloture_id, d.genre, d.titre, d.numero, d.origine, d.emis_le, d.publie_le,
  d.remplace_id, d.remplace_le, d.retire_le, d.retire_motif, f.cle, f.nom, f.mime, f.taille, f.sha256, f.antivirus`
const FROM = sql`documents d join fichiers f on f.organisme_id = d.organisme_id and f.id = d.fichier_id`

/** A document with its file, as far as this person may see it. @throws NotFound */
export function readDocument(db: Db, id: string): Promise<DocumentFile> {
  return db.one<DocumentFile>(sql`select ${COLUMNS} from ${FROM} where d.id = ${id}`)
}

export function readFiche(db: Db, id: string): Promise<DocumentFiche> {
  return db.one<DocumentFiche>(sql`select ${COLUMNS}, c.fin, a.numero as adherent_numero, a.denomination as adherent_nom,
      e.prenom || ' ' || e.nom as emis_par_nom, p.prenom || ' ' || p.nom as publie_par_nom,
      r.prenom || ' ' || r.nom as retire_par_nom, avant.numero as remplace_numero, apres.id as remplacant_id
    from ${FROM}
    join adherents a on a.organisme_id = d.organisme_id and a.id = d.adherent_id
    left join clotures c on c.organisme_id = d.organisme_id and c.id = d.cloture_id
    left join utilisateurs e on e.organisme_id = d.organisme_id and e.id = d.emis_par
    left join utilisateurs p on p.organisme_id = d.organisme_id and p.id = d.publie_par
    left join utilisateurs r on r.organisme_id = d.organisme_id and r.id = d.retire_par
    left join documents avant on avant.organisme_id = d.organisme_id and avant.id = d.remplace_id
    left join documents apres on apres.organisme_id = d.organisme_id and apres.remplace_id = d.id
    where d.id = ${id}`)
}

/** Locks a document until the act is over, so that two people never decide at once. @throws NotFound */
export function lockDocument(db: Db, id: string): Promise<Document> {
  return db.one<Document>(sql`select id, adherent_id, cloture_id, genre, titre, numero, origine, emis_le, publie_le,
    remplace_id, remplace_le, retire_le, retire_motif from documents where id = ${id} for update`)
}

export interface Lecture {
  nom: string
  role: string
  premiere_le: string
}

/** Who has read it, and when for the first time. */
export function listLectures(db: Db, id: string): Promise<Lecture[]> {
  return db.many<Lecture>(sql`select trim(u.prenom || ' ' || u.nom) as nom, u.role, l.premiere_le from lectures l
    join utilisateurs u on u.organisme_id = l.organisme_id and u.id = l.utilisateur_id
    where l.document_id = ${id} order by l.premiere_le`)
}

/** The first reading by each person is kept for good; the track of the clôture follows that of the adhérent. */
export async function markRead(db: Db, id: string): Promise<void> {
  await Promise.all([
    db.run(sql`insert into lectures (document_id) values (${id})
      on conflict (organisme_id, document_id, utilisateur_id) do nothing`),
    db.run(sql`select app.document_consulte(${id})`),
  ])
}

export interface DocumentListe extends Document {
  nom: string
  taille: number
  antivirus: string
  fin: string | null
  lu_le: string | null
}

/** Everything published for the adhérents that this person sees, newest first. */
export function listDocuments(db: Db, adherentId: string): Promise<DocumentListe[]> {
  return db.many<DocumentListe>(sql`select d.id, d.adherent_id, d.cloture_id, d.genre, d.titre, d.numero, d.origine,
      d.emis_le, d.publie_le, d.remplace_id, d.remplace_le, d.retire_le, d.retire_motif, f.nom, f.taille, f.antivirus,
      c.fin, l.premiere_le as lu_le
    from ${FROM}
    left join clotures c on c.organisme_id = d.organisme_id and c.id = d.cloture_id
    left join lectures l on l.organisme_id = d.organisme_id and l.document_id = d.id
      and l.utilisateur_id = ${db.context.utilisateurId ?? null}
    where d.adherent_id = ${adherentId}
    order by d.publie_le desc nulls first, d.emis_le desc, d.id limit 500`)
}

/** What is new for an adhérent: published, never opened by him. */
export async function countUnread(db: Db, adherentId: string): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n from documents d
    where d.adherent_id = ${adherentId} and d.publie_le is not null and d.remplace_le is null and d.retire_le is null
      and not exists (select from lectures l where l.document_id = d.id
        and l.utilisateur_id = ${db.context.utilisateurId ?? null})`)
  return n
}

export interface NewDocument {
  adherentId: string
  clotureId: string | null
  genre: Genre | 'autre'
  titre: string
  numero: string | null
  fichierId: string
  origine: 'genere' | 'depose'
  emisPar: string
  remplaceId: string | null
}

export async function insertDocument(db: Db, d: NewDocument): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into documents (adherent_id, cloture_id, genre, titre, numero, fichier_id, origine, emis_par, remplace_id)
    values (${d.adherentId}, ${d.clotureId}, ${d.genre}, ${d.titre}, ${d.numero}, ${d.fichierId}, ${d.origine},
      ${d.emisPar}, ${d.remplaceId}) returning id`)
  return id
}

export async function publishDocument(db: Db, document: Document, userId: string): Promise<void> {
  if (document.remplace_id !== null) {
    await db.run(sql`update documents set remplace_le = now() where id = ${document.remplace_id}`)
  }
  await db.run(sql`update documents set publie_le = now(), publie_par = ${userId} where id = ${document.id}`)
}

export async function withdrawDocument(db: Db, id: string, userId: string, motif: string): Promise<void> {
  await db.run(sql`update documents set retire_le = now(), retire_par = ${userId}, retire_motif = ${motif}
    where id = ${id}`)
}

/** The next number of a yearly series, for example AAAA-000001: no gap, no double, whoever asks at the same time. */
export async function nextNumber(db: Db, serie: string, annee: number): Promise<string> {
  const { dernier } = await db.one<{ dernier: number }>(sql`
    insert into series (nom, annee, dernier) values (${serie}, ${annee}, 1)
    on conflict (organisme_id, nom, annee) do update set dernier = series.dernier + 1 returning dernier`)
  return `${annee}-${String(dernier).padStart(6, '0')}`
}

/** Who is told that something new is there: the adhérent himself, or his cabinet's log-in when he has none. */
export function listRecipients(db: Db, adherentId: string): Promise<{ id: string }[]> {
  return db.many<{ id: string }>(sql`select u.id from utilisateurs u
    where u.adherent_id = ${adherentId} and u.bloque_le is null and u.courriel <> ''`)
}
