import type { Db } from '../../kernel/db.ts'
import { type Sql, nothing, sql } from '../../kernel/sql.ts'

export interface Session {
  id: string
  titre: string
  resume: string
  programme: string
  public_vise: string
  intervenant: string
  tarif: string
  lieu: string
  adresse: string[]
  debut: string
  fin: string
  duree_minutes: number
  places: number
  inscrits: number
  attente: number
  publiee_le: string | null
  annulee_le: string | null
  motif_annulation: string
  revision: number
  /** As clocks in France show them: AAAA-MM-JJ, HH:MM. */
  jour: string
  jour_fin: string
  heure_debut: string
  heure_fin: string
  modele_id: string | null
  modifie_le: string
  modifie_par_nom: string | null
}

const PARIS = sql`at time zone 'Europe/Paris'`
const SESSION = sql`f.id, f.titre, f.resume, f.programme, f.public_vise, f.intervenant, f.tarif, f.lieu, f.adresse, f.debut,
  f.fin, f.duree_minutes, f.places, f.inscrits, f.attente, f.publiee_le, f.annulee_le, f.motif_annulation, f.revision,
  f.modele_id, to_char(f.debut ${PARIS}, 'YYYY-MM-DD') as jour, to_char(f.fin ${PARIS}, 'YYYY-MM-DD') as jour_fin,
  to_char(f.debut ${PARIS}, 'HH24:MI') as heure_debut, to_char(f.fin ${PARIS}, 'HH24:MI') as heure_fin, f.modifie_le,
  (select concat_ws(' ', u.prenom, u.nom) from utilisateurs u where u.id = f.modifie_par) as modifie_par_nom`

export type Vue = 'a_venir' | 'passees' | 'brouillons' | 'annulees'

const VUES: Record<Vue, Sql> = {
  a_venir: sql`f.fin > now() and f.publiee_le is not null and f.annulee_le is null`,
  passees: sql`f.fin <= now() and f.publiee_le is not null and f.annulee_le is null`,
  brouillons: sql`f.publiee_le is null and f.annulee_le is null`,
  annulees: sql`f.annulee_le is not null`,
}

export interface Question {
  vue: Vue
  apres?: string | undefined
  avant?: string | undefined
  limit: number
}

/** Soonest first; what is over, latest first. */
export function listSessions(db: Db, { vue, apres, avant, limit }: Question): Promise<Session[]> {
  const place = sql`(select g.debut, g.id from formations g where g.id = ${apres ?? avant ?? null})`
  const later = vue === 'passees' || vue === 'annulees' ? avant !== undefined : avant === undefined
  const beyond = later ? sql`and (f.debut, f.id) > ${place}` : sql`and (f.debut, f.id) < ${place}`
  return db.many<Session>(sql`select ${SESSION} from formations f where ${VUES[vue]}
      ${apres === undefined && avant === undefined ? nothing : beyond}
    order by ${later ? sql`f.debut, f.id` : sql`f.debut desc, f.id desc`} limit ${limit}`)
}

/** @throws NotFound */
export function readSession(db: Db, id: string): Promise<Session> {
  return db.one<Session>(sql`select ${SESSION} from formations f where f.id = ${id}`)
}

/** @throws NotFound */
export function lockSession(db: Db, id: string): Promise<Session> {
  return db.one<Session>(sql`select ${SESSION} from formations f where f.id = ${id} for update of f`)
}

/** The other dates of the same formation. */
export function listOtherDates(
  db: Db,
  session: Session,
): Promise<Pick<Session, 'id' | 'debut' | 'annulee_le'>[]> {
  const root = session.modele_id ?? session.id
  return db.many<
    Pick<Session, 'id' | 'debut' | 'annulee_le'>
  >(sql`select f.id, f.debut, f.annulee_le from formations f
    where (f.modele_id = ${root} or f.id = ${root}) and f.id <> ${session.id} order by f.debut limit 20`)
}

export interface Contenu {
  titre: string
  resume: string
  programme: string
  public_vise: string
  intervenant: string
  tarif: string
  lieu: string
  adresse: string[]
  jour: string
  heure_debut: string
  jour_fin: string | null
  heure_fin: string
  /** Minutes; null: from the beginning to the end. */
  duree: number | null
  places: number
}

function instants(c: Contenu): { debut: Sql; fin: Sql; duree: Sql } {
  const debut = sql`(${`${c.jour} ${c.heure_debut}`}::timestamp ${PARIS})`
  const fin = sql`(${`${c.jour_fin ?? c.jour} ${c.heure_fin}`}::timestamp ${PARIS})`
  return {
    debut,
    fin,
    duree: sql`coalesce(${c.duree}::int, (extract(epoch from ${fin} - ${debut}) / 60)::int)`,
  }
}

export async function insertSession(db: Db, c: Contenu, modeleId: string | null): Promise<string> {
  const { debut, fin, duree } = instants(c)
  const { id } = await db.one<{
    id: string
  }>(sql`insert into formations (titre, resume, programme, public_vise, intervenant,
      tarif, lieu, adresse, debut, fin, duree_minutes, places, modele_id)
    values (${c.titre}, ${c.resume}, ${c.programme}, ${c.public_vise}, ${c.intervenant}, ${c.tarif}, ${c.lieu}, ${c.adresse},
      ${debut}, ${fin}, ${duree}, ${c.places}, ${modeleId}) returning id`)
  return id
}

/** @throws the constraint `formations_places` when more people are enrolled than there would be places. */
export async function updateSession(db: Db, id: string, c: Contenu): Promise<void> {
  const { debut, fin, duree } = instants(c)
  await db.run(sql`update formations set titre = ${c.titre}, resume = ${c.resume}, programme = ${c.programme},
      public_vise = ${c.public_vise}, intervenant = ${c.intervenant}, tarif = ${c.tarif}, lieu = ${c.lieu},
      adresse = ${c.adresse}, debut = ${debut}, fin = ${fin}, duree_minutes = ${duree}, places = ${c.places},
      modifie_par = app.utilisateur_id(), modifie_le = now(), revision = revision + 1 where id = ${id}`)
}

export async function publishSession(db: Db, id: string): Promise<void> {
  await db.run(sql`update formations set publiee_le = now(), publiee_par = app.utilisateur_id()
    where id = ${id} and publiee_le is null`)
}

export async function cancelSession(db: Db, id: string, motif: string): Promise<void> {
  await db.run(sql`update formations set annulee_le = now(), annulee_par = app.utilisateur_id(), motif_annulation = ${motif},
    revision = revision + 1 where id = ${id}`)
}

export interface Inscrit {
  id: string
  adherent_id: string
  numero: string
  civilite: string
  denomination: string
  cabinet: string | null
  telephone: string | null
  courriel: string
  inscrit_le: string
  inscrit_par_nom: string
  attente_depuis: string | null
  promue_le: string | null
  presence: 'present' | 'absent' | null
}

/** Those who have a place, by name; then those who wait, in their order. */
export function listInscrits(db: Db, id: string): Promise<Inscrit[]> {
  return db.many<Inscrit>(sql`select i.id, i.adherent_id, a.numero, a.civilite, a.denomination, s.nom as cabinet,
      a.telephones[1] as telephone, a.courriel, i.inscrit_le, concat_ws(' ', u.prenom, u.nom) as inscrit_par_nom,
      i.attente_depuis, i.promue_le, i.presence
    from inscriptions i join adherents a on a.organisme_id = i.organisme_id and a.id = i.adherent_id
    left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
    left join utilisateurs u on u.organisme_id = i.organisme_id and u.id = i.inscrit_par
    where i.formation_id = ${id} and i.annulee_le is null
    order by i.attente_depuis nulls first, a.recherche, i.id limit 5000`)
}

/** Of an adhérent who has not left. */
export function findAdherent(
  db: Db,
  numero: string,
): Promise<{ id: string; denomination: string } | undefined> {
  return db.maybe<{ id: string; denomination: string }>(
    sql`select id, denomination from adherents where numero = ${numero} and perte_qualite_le is null`,
  )
}

/** One that still holds. @throws NotFound */
export function lockInscription(
  db: Db,
  formationId: string,
  id: string,
): Promise<Pick<Inscrit, 'id' | 'adherent_id'>> {
  return db.one<Pick<Inscrit, 'id' | 'adherent_id'>>(sql`select id, adherent_id from inscriptions
    where id = ${id} and formation_id = ${formationId} and annulee_le is null for update`)
}

/** Says who was there: those named were, the others who had a place were not. */
export async function markAttendance(db: Db, id: string, present: readonly string[]): Promise<void> {
  await db.run(sql`update inscriptions set presence = case when id = any(${present}::uuid[]) then 'present' else 'absent' end,
      presence_le = now(), presence_par = app.utilisateur_id()
    where formation_id = ${id} and annulee_le is null and attente_depuis is null`)
}

/** The people to tell about a session: every adhérent enrolled or waiting. */
export function listPeople(db: Db, id: string): Promise<{ utilisateur: string }[]> {
  return db.many<{ utilisateur: string }>(sql`select u.id as utilisateur from inscriptions i
    join utilisateurs u on u.organisme_id = i.organisme_id and u.adherent_id = i.adherent_id and u.bloque_le is null
    where i.formation_id = ${id} and i.annulee_le is null`)
}
