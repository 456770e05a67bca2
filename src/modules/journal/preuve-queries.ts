import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

export type GenrePreuve = 'document' | 'courrier'

/** The thing that was sent, as a proof names it. */
export interface Envoi {
  id: string
  titre: string
  numero: string | null
  adherent_nom: string | null
  adherent_numero: string | null
  cabinet_nom: string | null
  publie_le: string | null
  publie_par: string | null
  retire_le: string | null
  nom: string | null
  taille: number | null
  sha256: string | null
}

/** A mail that announced it: `envoye_le` is when the server of the recipient's side took it. */
export interface CourrielPreuve {
  destinataire: string
  nom: string | null
  envoye_le: string | null
  abandonne_le: string | null
}

export interface Lecture {
  nom: string
  premiere_le: string
}

export interface ReponsePreuve {
  numero: string | null
  auteur: string
  transmise_le: string
}

export interface Faits {
  envoi: Envoi
  courriels: CourrielPreuve[]
  lectures: Lecture[]
  reponses: ReponsePreuve[]
}

const NOM = sql`trim(u.prenom || ' ' || u.nom)`

/** @throws NotFound */
export async function faitsDe(db: Db, genre: GenrePreuve, id: string): Promise<Faits> {
  const [envoi, courriels, lectures, reponses] = await Promise.all([
    genre === 'document' ? document(db, id) : courrier(db, id),
    listCourriels(db, genre, id),
    genre === 'document'
      ? db.many<Lecture>(sql`select ${NOM} as nom, l.premiere_le from lectures l
          join utilisateurs u on u.organisme_id = l.organisme_id and u.id = l.utilisateur_id
          where l.document_id = ${id} order by l.premiere_le`)
      : db.many<Lecture>(
          sql`select nom, premiere_le from courrier_lectures where courrier_id = ${id} order by premiere_le`,
        ),
    genre === 'document'
      ? []
      : db.many<ReponsePreuve>(sql`select numero, auteur_nom as auteur, transmise_le from reponses
          where courrier_id = ${id} and transmise_le is not null order by transmise_le`),
  ])
  return { envoi, courriels, lectures, reponses }
}

function document(db: Db, id: string): Promise<Envoi> {
  return db.one<Envoi>(sql`select d.id, d.titre, d.numero, a.denomination as adherent_nom, a.numero as adherent_numero,
      null as cabinet_nom, d.publie_le, ${NOM} as publie_par, d.retire_le, f.nom, f.taille, f.sha256
    from documents d
    join adherents a on a.organisme_id = d.organisme_id and a.id = d.adherent_id
    join fichiers f on f.organisme_id = d.organisme_id and f.id = d.fichier_id
    left join utilisateurs u on u.organisme_id = d.organisme_id and u.id = d.publie_par
    where d.id = ${id}`)
}

function courrier(db: Db, id: string): Promise<Envoi> {
  return db.one<Envoi>(sql`select c.id, c.objet as titre, c.numero, a.denomination as adherent_nom,
      a.numero as adherent_numero, s.nom as cabinet_nom, c.publie_le, ${NOM} as publie_par, null as retire_le,
      f.nom, f.taille, f.sha256
    from courriers c
    left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
    left join structures s on s.organisme_id = c.organisme_id and s.id = c.structure_id
    left join fichiers f on f.organisme_id = c.organisme_id and f.id = c.fichier_id
    left join utilisateurs u on u.organisme_id = c.organisme_id and u.id = c.publie_par
    where c.id = ${id}`)
}

/** Mails have one key an event and recipient: that of the thing itself, or of the campaign that published it. */
function listCourriels(db: Db, genre: GenrePreuve, id: string): Promise<CourrielPreuve[]> {
  const gens =
    genre === 'document'
      ? sql`select u.id from utilisateurs u join documents d on d.organisme_id = u.organisme_id and d.adherent_id = u.adherent_id
          where d.id = ${id}`
      : sql`select e.utilisateur_id as id from courrier_envois e where e.courrier_id = ${id}`
  const colonne = genre === 'document' ? sql`l.document_id` : sql`l.courrier_id`
  return db.many<CourrielPreuve>(sql`
    select c.destinataire, ${NOM} as nom, c.envoye_le, c.abandonne_le from courriels c
    left join utilisateurs u on u.organisme_id = c.organisme_id and u.id = c.destinataire_id
    where c.cle in (
      select ${genre} || ':' || ${id}::text || ':' || g.id from (${gens}) g
      union all
      select 'publication:' || l.publication_id || ':' || g.id from (${gens}) g, publication_lignes l where ${colonne} = ${id})
    order by c.cree_le`)
}
