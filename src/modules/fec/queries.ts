import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import { type Attendu, type Rapport, conclure } from './controle/rapport.ts'

export type EtatControle = 'en_attente' | 'en_cours' | 'fait' | 'echec'

export interface Controle {
  id: string
  transfert_id: string
  adherent_id: string
  nom: string
  taille: number
  etat: EtatControle
  lus: number
  demande_le: string
  fini_le: string | null
  conforme: boolean | null
  erreurs: number
  alertes: number
  qualites: number
  /** When the file was erased; its report stays. */
  efface_le: string | null
}

export interface ControleFiche extends Controle {
  rapport: Rapport | null
  accuse: string
  adherent_numero: string
  adherent_nom: string
}

/** What is known of an adhérent, to hold his file against. @throws NotFound */
export async function lireAttendu(db: Db, adherentId: string): Promise<Attendu> {
  const [adherent, exercices] = await Promise.all([
    db.one<{ siret: string; categorie: Attendu['categorie'] }>(
      sql`select siret, categorie from adherents where id = ${adherentId}`,
    ),
    db.many<{ debut: string; fin: string }>(
      sql`select debut, fin from clotures where adherent_id = ${adherentId} order by fin`,
    ),
  ])
  return { siren: adherent.siret.slice(0, 9), categorie: adherent.categorie, exercices }
}

/** The report of a file, or its place in the queue when there is none yet. */
export function insertControle(
  db: Db,
  controle: {
    transfertId: string
    fichierId: string
    adherentId: string
    nom: string
    taille: number
    rapport: Rapport | null
  },
): Promise<{ id: string }> {
  const { transfertId, fichierId, adherentId, nom, taille, rapport } = controle
  const bilan = rapport && bilanDe(rapport)
  return db.one(sql`insert into fec_controles (transfert_fichier_id, transfert_id, adherent_id, nom, taille, etat, lus, fini_le,
      conforme, erreurs, alertes, qualites, rapport)
    select l.id, ${transfertId}, ${adherentId}, ${nom}, ${taille}, ${rapport ? 'fait' : 'en_attente'},
      ${rapport ? taille : 0}, case when ${rapport !== null} then now() end, ${bilan?.conforme ?? null}::boolean,
      ${bilan?.erreurs ?? 0}, ${bilan?.alertes ?? 0}, ${bilan?.qualites ?? 0}, ${rapport && JSON.stringify(rapport)}::jsonb
    from transferts_fichiers l where l.transfert_id = ${transfertId} and l.fichier_id = ${fichierId} returning id`)
}

export function bilanDe(rapport: Rapport) {
  const count = (...gravites: string[]) =>
    rapport.constats.filter(({ gravite }) => gravites.includes(gravite)).length
  const { conforme, entete } = conclure(rapport)
  return {
    conforme: conforme && entete,
    erreurs: count('erreur'),
    alertes: count('absence', 'alerte'),
    qualites: count('qualite'),
  }
}

/** @throws NotFound when this person may not see it. */
export function readControle(db: Db, id: string): Promise<ControleFiche> {
  return db.one<ControleFiche>(sql`select c.id, c.transfert_id, c.adherent_id, c.nom, c.taille, c.etat, c.lus, c.demande_le,
      c.fini_le, c.conforme, c.erreurs, c.alertes, c.qualites, c.rapport, f.efface_le, t.accuse, a.numero as adherent_numero,
      a.denomination as adherent_nom
    from fec_controles c
    join transferts t on t.organisme_id = c.organisme_id and t.id = c.transfert_id
    join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
    join transferts_fichiers l on l.organisme_id = c.organisme_id and l.id = c.transfert_fichier_id
    join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
    where c.id = ${id}`)
}

/** The checks of one transfer, in the order of its files. */
export function controlesDe(db: Db, transfertId: string): Promise<Controle[]> {
  return db.many<Controle>(sql`select c.id, c.transfert_id, c.adherent_id, c.nom, c.taille, c.etat, c.lus, c.demande_le,
      c.fini_le, c.conforme, c.erreurs, c.alertes, c.qualites, f.efface_le
    from fec_controles c
    join transferts_fichiers l on l.organisme_id = c.organisme_id and l.id = c.transfert_fichier_id
    join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
    where c.transfert_id = ${transfertId} order by l.ordre`)
}

/** What a job needs to check a file that waits; undefined when it is done or gone. */
export function prendreControle(
  db: Db,
  id: string,
): Promise<{ cle: string; mime: string; nom: string; adherent_id: string } | undefined> {
  return db.maybe(sql`update fec_controles c set etat = 'en_cours', lus = 0
    from transferts_fichiers l, fichiers f
    where c.id = ${id} and c.etat in ('en_attente', 'en_cours', 'echec') and l.organisme_id = c.organisme_id
      and l.id = c.transfert_fichier_id and f.organisme_id = l.organisme_id and f.id = l.fichier_id
    returning f.cle, f.mime, c.nom, c.adherent_id`)
}

export async function noterAvance(db: Db, id: string, lus: number): Promise<void> {
  await db.run(sql`update fec_controles set lus = ${lus} where id = ${id} and etat = 'en_cours'`)
}

export async function finirControle(db: Db, id: string, rapport: Rapport): Promise<void> {
  const { conforme, erreurs, alertes, qualites } = bilanDe(rapport)
  await db.run(sql`update fec_controles set etat = 'fait', lus = taille, fini_le = now(), conforme = ${conforme},
    erreurs = ${erreurs}, alertes = ${alertes}, qualites = ${qualites}, rapport = ${JSON.stringify(rapport)}::jsonb
    where id = ${id}`)
}

export async function echouer(db: Db, id: string): Promise<void> {
  await db.run(sql`update fec_controles set etat = 'echec', fini_le = now() where id = ${id}`)
}

/** SHA-256 of the file that was checked. */
export async function empreinteDe(db: Db, id: string): Promise<string> {
  const { sha256 } = await db.one<{ sha256: string }>(sql`select f.sha256 from fec_controles c
    join transferts_fichiers l on l.organisme_id = c.organisme_id and l.id = c.transfert_fichier_id
    join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id where c.id = ${id}`)
  return sha256
}
