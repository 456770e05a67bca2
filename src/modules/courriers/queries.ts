import type { Db } from '../../kernel/db.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import type { Courrier } from './courrier.ts'
import { COLUMNS } from './liste-queries.ts'
import type { Nature } from './modeles/modele.ts'

export interface CourrierFiche extends Courrier {
  corps: string
  cloture_id: string | null
  /** Day on which the exercice that it is about was closed. */
  fin: string | null
  fichier_id: string | null
  cle: string | null
  nom: string | null
  mime: string | null
  taille: number | null
  sha256: string | null
  antivirus: string | null
  adherent_numero: string | null
  adherent_nom: string | null
  adherent_adresse: string[] | null
  structure_nom: string | null
  structure_numero: string | null
  structure_adresse: string[] | null
  origine_numero: string | null
}

/** A courrier with its file, its client and its cabinet, as far as this person may see it. @throws NotFound */
export function readCourrier(db: Db, id: string): Promise<CourrierFiche> {
  return db.one<CourrierFiche>(sql`select ${COLUMNS}, c.corps, c.cloture_id, l.fin, c.fichier_id, f.cle, f.nom, f.mime, f.taille, f.sha256,
      f.antivirus, a.numero as adherent_numero, trim(a.civilite || ' ' || a.denomination) as adherent_nom,
      a.adresse_professionnelle as adherent_adresse, s.nom as structure_nom, s.numero as structure_numero,
      s.adresse as structure_adresse, o.numero as origine_numero
    from courriers c
    left join fichiers f on f.organisme_id = c.organisme_id and f.id = c.fichier_id
    left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
    left join structures s on s.organisme_id = c.organisme_id and s.id = c.structure_id
    left join clotures l on l.organisme_id = c.organisme_id and l.id = c.cloture_id
    left join courriers o on o.organisme_id = c.organisme_id and o.id = c.origine_id
    where c.id = ${id}`)
}

export interface Question {
  id: string
  ordre: number
  texte: string
  nature: Nature
  satisfaite_le: string | null
  redemandee_le: string | null
  precision: string
  /** Last answer that reached the organisme since the question was (last) asked. */
  repondue_le: string | null
}

export function listQuestions(db: Db, courrierId: string): Promise<Question[]> {
  return db.many<Question>(sql`select q.id, q.ordre, q.texte, q.nature, q.satisfaite_le, q.redemandee_le, q.precision,
      (select max(r.transmise_le) from reponse_lignes l
        join reponses r on r.organisme_id = l.organisme_id and r.id = l.reponse_id
        where l.organisme_id = q.organisme_id and l.question_id = q.id
          and r.transmise_le > coalesce(q.redemandee_le, '-infinity')) as repondue_le
    from courrier_questions q where q.courrier_id = ${courrierId} order by q.ordre`)
}

export interface Envoi {
  nom: string
  role: string
  qualite: 'destinataire' | 'copie'
  le: string
  lu_le: string | null
}

/** To whom it was announced and when, and when each opened it for the first time. */
export function listEnvois(db: Db, courrierId: string): Promise<Envoi[]> {
  return db.many<Envoi>(sql`select coalesce(e.nom, l.nom) as nom, coalesce(e.role, l.role) as role,
      coalesce(e.qualite, 'lecteur') as qualite, e.le, l.premiere_le as lu_le
    from (select * from courrier_envois where courrier_id = ${courrierId}) e
    full join (select * from courrier_lectures where courrier_id = ${courrierId}) l
      on l.organisme_id = e.organisme_id and l.utilisateur_id = e.utilisateur_id
    order by e.qualite = 'destinataire' desc nulls last, e.le, l.premiere_le`)
}

export interface Relance {
  id: string
  numero: string | null
  genre: Courrier['genre']
  objet: string
  publie_le: string
}

/** The courriers sent because of this one. */
export function listRelances(db: Db, courrierId: string): Promise<Relance[]> {
  return db.many<Relance>(sql`select c.id, c.numero, c.genre, c.objet, c.publie_le from courriers c
    where c.origine_id = ${courrierId} and c.publie_le is not null order by c.publie_le, c.id`)
}

/** The first reading by each person is kept for good; the database archives what asks nothing of his side. */
export async function markRead(db: Db, user: Pick<Utilisateur, 'prenom' | 'nom'>, id: string): Promise<void> {
  await db.run(sql`insert into courrier_lectures (courrier_id, nom) values (${id}, ${nameOf(user)})
    on conflict (organisme_id, courrier_id, utilisateur_id) do nothing`)
}

/** As the papers of a courrier name a person. */
export function nameOf(user: Pick<Utilisateur, 'prenom' | 'nom'>): string {
  return `${user.prenom} ${user.nom}`.trim()
}
