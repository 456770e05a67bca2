import type { Db } from '../../../kernel/db.ts'
import type { Utilisateur } from '../../../kernel/page.ts'
import { sql } from '../../../kernel/sql.ts'
import { nameOf } from '../queries.ts'

export interface Brouillon {
  id: string
  courrier_id: string
  version: number
  textes: Record<string, string>
  /** Pieces said to be without object. */
  sans_objet: string[]
  modifie_le: string
  modifie_par: string
  modifie_nom: string
  precedente_id: string | null
}

const COLUMNS = sql`b.id, b.courrier_id, b.version, b.textes, b.sans_objet, b.modifie_le, b.modifie_par, b.modifie_nom, b.precedente_id`

/** The draft of the side of this person: one for the whole cabinet. */
export function findBrouillon(db: Db, courrierId: string): Promise<Brouillon | undefined> {
  return db.maybe<Brouillon>(sql`select ${COLUMNS} from brouillons b where b.courrier_id = ${courrierId}`)
}

/** The same, held until the act is over, so that two people save one after the other. */
export function lockBrouillon(db: Db, courrierId: string): Promise<Brouillon | undefined> {
  return db.maybe<Brouillon>(
    sql`select ${COLUMNS} from brouillons b where b.courrier_id = ${courrierId} for update`,
  )
}

/** The draft, begun now if there is none. */
export async function openBrouillon(
  db: Db,
  user: Utilisateur,
  courrierId: string,
  first: { textes: Record<string, string>; precedenteId: string | null } = { textes: {}, precedenteId: null },
): Promise<Brouillon> {
  await db.run(sql`insert into brouillons (courrier_id, modifie_nom, textes, precedente_id)
    values (${courrierId}, ${nameOf(user)}, ${JSON.stringify(first.textes)}::jsonb, ${first.precedenteId})
    on conflict on constraint brouillons_un_par_cote do nothing`)
  return db.one<Brouillon>(
    sql`select ${COLUMNS} from brouillons b where b.courrier_id = ${courrierId} for update`,
  )
}

/** Keeps the texts, and the pieces without object when they are given, as a new version; gives its number and its time. */
export function saveTexts(
  db: Db,
  user: Utilisateur,
  id: string,
  textes: Record<string, string>,
  sansObjet?: readonly string[],
): Promise<{ version: number; modifie_le: string }> {
  return db.one(sql`update brouillons set textes = ${JSON.stringify(textes)}::jsonb, version = version + 1,
      sans_objet = coalesce(${sansObjet ?? null}::uuid[], sans_objet),
      modifie_le = clock_timestamp(), modifie_par = ${user.id}, modifie_nom = ${nameOf(user)}
    where id = ${id} returning version, modifie_le`)
}

export interface FichierPose {
  fichier_id: string
  question_id: string
  cle: string
  nom: string
  mime: string
  taille: number
  sha256: string
  antivirus: string
}

export function listFichiersPoses(db: Db, courrierId: string): Promise<FichierPose[]> {
  return db.many<FichierPose>(sql`select l.fichier_id, l.question_id, f.cle, f.nom, f.mime, f.taille, f.sha256, f.antivirus
    from brouillons b
    join brouillon_fichiers l on l.organisme_id = b.organisme_id and l.brouillon_id = b.id
    join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
    where b.courrier_id = ${courrierId} order by l.pose_le, l.id`)
}

export async function addFichier(
  db: Db,
  brouillonId: string,
  questionId: string,
  fichierId: string,
): Promise<void> {
  await db.run(sql`insert into brouillon_fichiers (brouillon_id, question_id, fichier_id)
    values (${brouillonId}, ${questionId}, ${fichierId})`)
}

/** Takes a file out of the draft; gives its name. Its bytes go with the next nightly sweep. */
export async function removeFichier(db: Db, courrierId: string, fichierId: string): Promise<string> {
  const { nom } = await db.one<{ nom: string }>(sql`select f.nom from brouillon_fichiers l
    join brouillons b on b.organisme_id = l.organisme_id and b.id = l.brouillon_id
    join fichiers f on f.organisme_id = l.organisme_id and f.id = l.fichier_id
    where b.courrier_id = ${courrierId} and l.fichier_id = ${fichierId}`)
  await db.run(sql`delete from brouillon_fichiers where fichier_id = ${fichierId}`)
  return nom
}

/** The draft has become an answer. */
export async function dropBrouillon(db: Db, id: string): Promise<void> {
  await db.run(sql`delete from brouillon_fichiers where brouillon_id = ${id}`)
  await db.run(sql`delete from brouillons where id = ${id}`)
}
