import { randomUUID } from 'node:crypto'
import type { Db, Role } from '../../kernel/db.ts'
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
    left join lateral (select x.id from documents x where x.organisme_id = d.organisme_id and x.remplace_id = d.id
      order by x.retire_le nulls first, x.emis_le desc limit 1) apres on true
    where d.id = ${id}`)
}

/** Locks a document until the act is over, so that two people never decide at once. @throws NotFound */
export function lockDocument(db: Db, id: string): Promise<Document> {
  return db.one<Document>(sql`select id, adherent_id, cloture_id, genre, titre, numero, origine, emis_le, publie_le,
    remplace_id, remplace_le, retire_le, retire_motif from documents where id = ${id} for update`)
}

export interface Lecture {
  nom: string
  role: Role
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
  emisPar: string | null
  remplaceId: string | null
  /** Year of the exercice and SHA-256: the same paper is not put there twice, however often its file comes. */
  exercice?: number | null
  empreinte?: string | null
}

/** In their order, the ids; null where the same paper is there already, or one of its kind is in preparation. */
export async function insertDocuments(db: Db, documents: readonly NewDocument[]): Promise<(string | null)[]> {
  const ids = documents.map(() => randomUUID())
  const rows = documents.map((d, i) => ({
    ...d,
    id: ids[i],
    exercice: d.exercice ?? null,
    empreinte: d.empreinte ?? null,
  }))
  const written = await db.many<{ id: string }>(sql`
    insert into documents (id, adherent_id, cloture_id, genre, titre, numero, fichier_id, origine, emis_par, remplace_id,
      exercice, empreinte)
    select d.id, d."adherentId", d."clotureId", d.genre, d.titre, d.numero, d."fichierId", d.origine, d."emisPar",
      d."remplaceId", d.exercice, d.empreinte
    from json_to_recordset(${JSON.stringify(rows)}::json) as d (id uuid, "adherentId" uuid, "clotureId" uuid, genre text,
      titre text, numero text, "fichierId" uuid, origine text, "emisPar" uuid, "remplaceId" uuid, exercice int,
      empreinte text)
    on conflict do nothing returning id`)
  const there = new Set(written.map((row) => row.id))
  return ids.map((id) => (there.has(id) ? id : null))
}

/**
 * From now on they are seen, each in the place of the one that was good until now.
 * @returns what became visible: those that were published or withdrawn before are left as they are.
 */
export async function publishDocuments(
  db: Db,
  ids: readonly string[],
  userId: string | null,
): Promise<Pick<Document, 'id' | 'adherent_id' | 'cloture_id' | 'genre'>[]> {
  await db.run(sql`select d.id from documents d where d.id = any(${ids}) order by d.id for update`)
  // First the old ones: of each kind a clôture has one good document at most, at every moment.
  const replaced = await db.many<{ id: string; par: string }>(sql`
    update documents o set remplace_le = now() from documents d
    where d.id = any(${ids}) and d.publie_le is null and d.retire_le is null and d.genre <> 'autre'
      and o.organisme_id = d.organisme_id and o.cloture_id = d.cloture_id and o.genre = d.genre and o.id <> d.id
      and o.publie_le is not null and o.remplace_le is null and o.retire_le is null
    returning o.id, d.id as par`)
  return db.many(sql`
    update documents d set publie_le = now(), publie_par = ${userId}, remplace_id = coalesce(r.id, d.remplace_id)
    from unnest(${ids}::uuid[]) as i (id)
      left join unnest(${replaced.map((r) => r.id)}::uuid[], ${replaced.map((r) => r.par)}::uuid[]) as r (id, par)
        on r.par = i.id
    where d.id = i.id and d.publie_le is null and d.retire_le is null
    returning d.id, d.adherent_id, d.cloture_id, d.genre`)
}

/** Whether seen or not yet: nobody opens them any more. @returns those that were not withdrawn before */
export function withdrawDocuments(
  db: Db,
  ids: readonly string[],
  userId: string | null,
  motif: string,
): Promise<
  Pick<
    Document,
    'id' | 'adherent_id' | 'cloture_id' | 'genre' | 'publie_le' | 'remplace_le' | 'remplace_id'
  >[]
> {
  return db.many(sql`update documents set retire_le = now(), retire_par = ${userId}, retire_motif = ${motif}
    where id = any(${ids}) and retire_le is null
    returning id, adherent_id, cloture_id, genre, publie_le, remplace_le, remplace_id`)
}

/** The documents that those took the place of are the good ones again. */
export async function restoreReplaced(db: Db, ids: readonly string[]): Promise<void> {
  await db.run(sql`update documents o set remplace_le = null from documents d
    where d.id = any(${ids}) and o.organisme_id = d.organisme_id and o.id = d.remplace_id and o.retire_le is null`)
}

/** The next number of a yearly series, for example AAAA-000001: no gap, no double, whoever asks at the same time. */
export async function nextNumber(db: Db, serie: string, annee: number): Promise<string> {
  const { dernier } = await db.one<{ dernier: number }>(sql`
    insert into series (nom, annee, dernier) values (${serie}, ${annee}, 1)
    on conflict (organisme_id, nom, annee) do update set dernier = series.dernier + 1 returning dernier`)
  return `${annee}-${String(dernier).padStart(6, '0')}`
}

/** The last number of a yearly series, held until the transaction is over: whoever numbers next waits. */
export async function lockSeries(db: Db, serie: string, annee: number): Promise<number> {
  const { dernier } = await db.one<{ dernier: number }>(sql`
    insert into series (nom, annee, dernier) values (${serie}, ${annee}, 0)
    on conflict (organisme_id, nom, annee) do update set dernier = series.dernier returning dernier`)
  return dernier
}

export async function saveSeries(db: Db, serie: string, annee: number, dernier: number): Promise<void> {
  await db.run(sql`update series set dernier = ${dernier} where nom = ${serie} and annee = ${annee}`)
}

/** Who is told that something new is there: the people of those adhérents who have an account. */
export function listRecipients(
  db: Db,
  adherentIds: readonly string[],
): Promise<{ id: string; adherent_id: string }[]> {
  return db.many<{ id: string; adherent_id: string }>(sql`select u.id, u.adherent_id from utilisateurs u
    where u.adherent_id = any(${adherentIds}) and u.bloque_le is null`)
}
