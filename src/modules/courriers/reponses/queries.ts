import type { Db } from '../../../kernel/db.ts'
import type { Utilisateur } from '../../../kernel/page.ts'
import { sql } from '../../../kernel/sql.ts'
import { nextNumber } from '../../documents/queries.ts'
import type { Nature } from '../modeles/modele.ts'
import { type CourrierFiche, nameOf } from '../queries.ts'
import type { LigneSaisie, Reponse } from './reponse.ts'

const COLUMNS = sql`r.id, r.numero, r.courrier_id, r.adherent_id, r.structure_id, r.dossier, r.auteur_id, r.auteur_nom,
  r.soumise_le, r.precedente_id, r.valide_par, r.valide_nom, r.au_nom_de_nom, r.corrigee_le, r.transmise_le, r.rejetee_le,
  r.motif`

/** May the side of this person answer that courrier? Not so: it does not exist for him as one to answer. @throws NotFound */
export async function mustAnswer(db: Db, courrierId: string): Promise<void> {
  await db.one(sql`select 1 as oui where app.repond(${courrierId})`)
}

/** @throws NotFound */
export function readReponse(db: Db, id: string): Promise<Reponse> {
  return db.one<Reponse>(sql`select ${COLUMNS} from reponses r where r.id = ${id}`)
}

/** Locks an answer until the act is over, so that two people never decide at once. @throws NotFound */
export function lockReponse(db: Db, id: string): Promise<Reponse> {
  return db.one<Reponse>(sql`select ${COLUMNS} from reponses r where r.id = ${id} for update`)
}

export function listReponses(db: Db, courrierId: string): Promise<Reponse[]> {
  return db.many<Reponse>(sql`select ${COLUMNS} from reponses r where r.courrier_id = ${courrierId}
    order by r.soumise_le desc, r.id`)
}

export interface Piece {
  fichier_id: string
  cle: string
  nom: string
  mime: string
  taille: number
  sha256: string
  antivirus: string
}

export interface LigneReponse {
  reponse_id: string
  question_id: string
  ordre: number
  question: string
  nature: Nature
  texte: string
  texte_corrige: string | null
  /** A piece that there is none of; the text says why. */
  sans_objet: boolean
  pieces: Piece[]
}

/** What answers say, question by question, with the files of each. */
export function listLignes(db: Db, reponseIds: readonly string[]): Promise<LigneReponse[]> {
  return db.many<LigneReponse>(sql`select l.reponse_id, l.question_id, q.ordre, q.texte as question, q.nature, l.texte,
      l.texte_corrige, l.sans_objet, coalesce((select json_agg(json_build_object('fichier_id', f.id, 'cle', f.cle, 'nom', f.nom,
          'mime', f.mime, 'taille', f.taille, 'sha256', f.sha256, 'antivirus', f.antivirus) order by p.ordre)
        from reponse_fichiers p join fichiers f on f.organisme_id = p.organisme_id and f.id = p.fichier_id
        where p.organisme_id = l.organisme_id and p.reponse_id = l.reponse_id and p.question_id = l.question_id), '[]') as pieces
    from reponse_lignes l
    join courrier_questions q on q.organisme_id = l.organisme_id and q.id = l.question_id
    where l.reponse_id = any(${reponseIds}) order by q.ordre`)
}

/** A file of an answer, if it is one of that answer. @throws NotFound */
export function readPiece(
  db: Db,
  reponseId: string,
  fichierId: string,
): Promise<Piece & { adherent_id: string | null }> {
  return db.one(sql`select p.fichier_id, f.cle, f.nom, f.mime, f.taille, f.sha256, f.antivirus, r.adherent_id
    from reponse_fichiers p
    join reponses r on r.organisme_id = p.organisme_id and r.id = p.reponse_id
    join fichiers f on f.organisme_id = p.organisme_id and f.id = p.fichier_id
    where p.reponse_id = ${reponseId} and p.fichier_id = ${fichierId}`)
}

/** Is there an answer of this courrier that waits for a superviseur? */
export function findPending(db: Db, courrierId: string): Promise<Reponse | undefined> {
  return db.maybe<Reponse>(sql`select ${COLUMNS} from reponses r where r.courrier_id = ${courrierId}
    and r.transmise_le is null and r.rejetee_le is null`)
}

/** @throws the constraint reponses_une_a_valider when one waits already */
export async function insertReponse(
  db: Db,
  user: Utilisateur,
  courrier: CourrierFiche,
  lignes: readonly LigneSaisie[],
  precedenteId: string | null,
): Promise<string> {
  const dossier =
    courrier.adherent_id === null
      ? ''
      : `${courrier.adherent_nom ?? ''} (n° ${courrier.adherent_numero ?? ''})`
  const { id } = await db.one<{ id: string }>(sql`
    insert into reponses (courrier_id, adherent_id, structure_id, dossier, auteur_nom, precedente_id)
    values (${courrier.id}, ${courrier.adherent_id}, ${user.structureId}, ${dossier}, ${nameOf(user)}, ${precedenteId})
    returning id`)
  await db.run(sql`insert into reponse_lignes (reponse_id, question_id, texte, sans_objet)
    select ${id}, * from unnest(${lignes.map((l) => l.questionId)}::uuid[], ${lignes.map((l) => l.texte)}::text[],
      ${lignes.map((l) => l.sansObjet)}::boolean[])`)
  const pieces = lignes.flatMap((l) =>
    l.fichierIds.map((fichierId) => ({ fichierId, questionId: l.questionId })),
  )
  if (pieces.length > 0) {
    await db.run(sql`insert into reponse_fichiers (reponse_id, question_id, fichier_id, ordre)
      select ${id}, t.question, t.fichier, t.rang::int from unnest(${pieces.map((p) => p.questionId)}::uuid[],
        ${pieces.map((p) => p.fichierId)}::uuid[]) with ordinality as t (question, fichier, rang)`)
  }
  return id
}

/** Numbered when it reaches the organisme, so that the organisme's series has no gap. */
export async function transmit(
  db: Db,
  id: string,
  annee: number,
  validation: {
    par: string
    nom: string
    auNomDe: string | null
    auNomDeNom: string
    corrigee: boolean
  } | null = null,
): Promise<string> {
  const numero = `R-${await nextNumber(db, 'reponses', annee)}`
  await db.run(sql`update reponses set numero = ${numero}, transmise_le = clock_timestamp(),
      valide_par = ${validation?.par ?? null}, valide_nom = ${validation?.nom ?? ''},
      au_nom_de = ${validation?.auNomDe ?? null}, au_nom_de_nom = ${validation?.auNomDeNom ?? ''},
      corrigee_le = ${validation?.corrigee ? new Date().toISOString() : null}::timestamptz
    where id = ${id}`)
  return numero
}

/** Does this cabinet have the answers of its collaborateurs validated (F68)? */
export async function isSupervised(db: Db, structureId: string): Promise<boolean> {
  const { supervise } = await db.one<{ supervise: boolean }>(
    sql`select supervision_depuis is not null as supervise from structures where id = ${structureId}`,
  )
  return supervise
}

/** Who is told that an answer waits: the log-in of the cabinet, its superviseurs, and who stands in for them today. */
export function listSuperviseurs(db: Db, structureId: string, today: string): Promise<{ id: string }[]> {
  return db.many<{ id: string }>(sql`select u.id from utilisateurs u
    where u.structure_id = ${structureId} and u.bloque_le is null and (u.parti_le is null or u.parti_le > ${today}::date)
      and u.id <> ${db.context.utilisateurId ?? null}
      and (u.role in ('cabinet', 'superviseur') or exists (select from suppleances s
        where s.organisme_id = u.organisme_id and s.suppleant_id = u.id and s.structure_id = u.structure_id
          and s.terminee_le is null and ${today}::date between s.du and s.au))`)
}
