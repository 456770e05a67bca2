import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Reponse } from '../courriers/reponses/reponse.ts'

export interface Titulaire {
  id: string
  nom: string
}

/** In whose place this person may decide today, if in anybody's. */
export function titulaireOf(db: Db): Promise<Titulaire | undefined> {
  return db.maybe<Titulaire>(sql`select u.id, trim(u.prenom || ' ' || u.nom) as nom from utilisateurs u
    where u.id = app.titulaire_supplee()`)
}

export interface EnAttente extends Pick<
  Reponse,
  'id' | 'courrier_id' | 'dossier' | 'auteur_id' | 'auteur_nom' | 'soumise_le' | 'precedente_id'
> {
  objet: string
  courrier_numero: string
  a_repondre_avant: string | null
  questions: number
  repondues: number
}

/** What waits in the cabinet, oldest first. */
export function listPending(
  db: Db,
  page: { apres?: string | undefined; avant?: string | undefined; limit: number },
): Promise<EnAttente[]> {
  const back = page.avant !== undefined
  const from = page.apres ?? page.avant ?? null
  const place = sql`((select x.soumise_le from reponses x where x.id = ${from}), ${from}::uuid)`
  const start =
    from === null
      ? sql`true`
      : back
        ? sql`(r.soumise_le, r.id) < ${place}`
        : sql`(r.soumise_le, r.id) > ${place}`
  const order = back ? sql`r.soumise_le desc, r.id desc` : sql`r.soumise_le, r.id`
  return db.many<EnAttente>(sql`select r.id, r.courrier_id, r.dossier, r.auteur_id, r.auteur_nom, r.soumise_le,
      r.precedente_id, c.objet, c.numero as courrier_numero, c.a_repondre_avant,
      (select count(*)::int from courrier_questions q where q.organisme_id = c.organisme_id and q.courrier_id = c.id) as questions,
      (select count(*)::int from reponse_lignes l where l.organisme_id = r.organisme_id and l.reponse_id = r.id) as repondues
    from reponses r join courriers c on c.organisme_id = r.organisme_id and c.id = r.courrier_id
    where r.structure_id = ${db.context.structureId ?? null} and r.transmise_le is null and r.rejetee_le is null
      and ${start}
    order by ${order} limit ${page.limit}`)
}

/** The number of the tile and of the menu: the rows of the queue (F20). */
export async function countPending(db: Db): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from reponses r join courriers c on c.organisme_id = r.organisme_id and c.id = r.courrier_id
    where r.structure_id = ${db.context.structureId ?? null} and r.transmise_le is null and r.rejetee_le is null`)
  return n
}

/** The same for a collaborateur while he stands in for somebody; null on other days. */
export async function countAsSubstitute(db: Db): Promise<number | null> {
  const { n } = await db.one<{
    n: number | null
  }>(sql`select case when app.titulaire_supplee() is not null then (
      select count(*)::int from reponses r
      join courriers c on c.organisme_id = r.organisme_id and c.id = r.courrier_id
      where r.structure_id = ${db.context.structureId ?? null} and r.transmise_le is null and r.rejetee_le is null) end as n`)
  return n
}

/** Whom a decision concerns: the author, or who has the dossier now when he has left; null when nobody has it. */
export async function recipientOf(db: Db, reponse: Reponse): Promise<string | null> {
  const row = await db.maybe<{ id: string | null }>(sql`
    select case when u.parti_le is null or u.parti_le > current_date then u.id else (select f.utilisateur_id
      from affectations f where f.organisme_id = u.organisme_id and f.adherent_id = ${reponse.adherent_id}
        and f.jusqu_a is null) end as id
    from utilisateurs u where u.id = ${reponse.auteur_id}`)
  return row?.id ?? null
}

/** Keeps the corrected text beside the one that was typed. */
export async function correctLigne(
  db: Db,
  reponseId: string,
  questionId: string,
  texte: string,
): Promise<void> {
  await db.run(sql`update reponse_lignes set texte_corrige = ${texte}
    where reponse_id = ${reponseId} and question_id = ${questionId}`)
}

export async function rejectReponse(
  db: Db,
  id: string,
  r: { par: string; nom: string; auNomDe: string | null; auNomDeNom: string; motif: string },
): Promise<void> {
  await db.run(sql`update reponses set rejetee_le = clock_timestamp(), valide_par = ${r.par}, valide_nom = ${r.nom},
    au_nom_de = ${r.auNomDe}, au_nom_de_nom = ${r.auNomDeNom}, motif = ${r.motif} where id = ${id}`)
}

/** The rejected answer is an editable draft of its author again, texts and files (F71). */
export async function giveBack(db: Db, reponse: Reponse): Promise<void> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into brouillons (courrier_id, precedente_id, cree_par, modifie_par, modifie_nom, textes, sans_objet)
    select ${reponse.courrier_id}, ${reponse.id}, ${reponse.auteur_id}, ${reponse.auteur_id}, ${reponse.auteur_nom},
      coalesce(jsonb_object_agg(l.question_id, l.texte), '{}'),
      coalesce(array_agg(l.question_id) filter (where l.sans_objet), '{}') from reponse_lignes l where l.reponse_id = ${reponse.id}
    on conflict on constraint brouillons_un_par_cote do update set precedente_id = excluded.precedente_id,
      version = brouillons.version + 1, textes = excluded.textes || brouillons.textes,
      sans_objet = excluded.sans_objet
    returning id`)
  await db.run(sql`insert into brouillon_fichiers (brouillon_id, question_id, fichier_id, pose_par)
    select ${id}, p.question_id, p.fichier_id, ${reponse.auteur_id} from reponse_fichiers p
    where p.reponse_id = ${reponse.id} order by p.ordre`)
}
