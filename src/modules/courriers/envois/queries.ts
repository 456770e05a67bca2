import type { Db } from '../../../kernel/db.ts'
import { sql } from '../../../kernel/sql.ts'
import { conditionOf } from '../../selections/queries.ts'
import type { Selection } from '../../selections/selection.ts'
import type { Cote } from '../courrier.ts'
import type { Demande, GenreModele } from '../modeles/modele.ts'
import type { LigneValeurs } from './forms.ts'

export interface Envoi {
  id: string
  modele_id: string
  modele_nom: string
  genre: GenreModele
  destinataire: Cote
  objet: string
  corps: string
  questions: Demande[]
  a_repondre_avant: string | null
  exercice: number | null
  selection: string
  cree_le: string
  cree_nom: string
  confirme_le: string | null
  travail_id: string | null
}

export interface EnvoiCompte extends Envoi {
  prets: number
  envoyes: number
  ecartes: number
}

const COLUMNS = sql`e.id, e.modele_id, m.nom as modele_nom, e.genre, e.destinataire, e.objet, e.corps, e.questions,
  e.a_repondre_avant, e.exercice, e.selection, e.cree_le, e.cree_nom, e.confirme_le, e.travail_id`
const COMPTES = sql`cross join lateral (select count(*) filter (where l.motif = '' and l.courrier_id is null)::int as prets,
    count(l.courrier_id)::int as envoyes, count(*) filter (where l.motif <> '')::int as ecartes
  from envoi_courrier_lignes l where l.organisme_id = e.organisme_id and l.envoi_id = e.id) n`
const FROM = sql`envois_courriers e
  join modeles_courriers m on m.organisme_id = e.organisme_id and m.id = e.modele_id`

export function listEnvoisGroupes(
  db: Db,
  q: { apres?: string | undefined; avant?: string | undefined },
  limit: number,
): Promise<EnvoiCompte[]> {
  const from = q.apres ?? q.avant
  const back = q.avant !== undefined
  const at = sql`((select x.cree_le from envois_courriers x where x.id = ${from ?? null}), ${from ?? null}::uuid)`
  const place =
    from === undefined ? sql`true` : back ? sql`(e.cree_le, e.id) > ${at}` : sql`(e.cree_le, e.id) < ${at}`
  const order = back ? sql`e.cree_le, e.id` : sql`e.cree_le desc, e.id desc`
  return db.many<EnvoiCompte>(
    sql`select ${COLUMNS}, n.* from ${FROM} ${COMPTES} where ${place} order by ${order} limit ${limit}`,
  )
}

/** @throws NotFound */
export function readEnvoi(db: Db, id: string): Promise<EnvoiCompte> {
  return db.one<EnvoiCompte>(sql`select ${COLUMNS}, n.* from ${FROM} ${COMPTES} where e.id = ${id}`)
}

/** @throws NotFound */
export function lockEnvoi(db: Db, id: string): Promise<Envoi> {
  return db.one<Envoi>(sql`select ${COLUMNS} from ${FROM} where e.id = ${id} for update of e`)
}

export type NewEnvoi = Omit<Envoi, 'id' | 'modele_nom' | 'cree_le' | 'confirme_le' | 'travail_id'> & {
  modele_version: number
}

export async function insertEnvoi(db: Db, e: NewEnvoi): Promise<string> {
  const { id } = await db.one<{
    id: string
  }>(sql`insert into envois_courriers (modele_id, modele_version, genre,
      destinataire, objet, corps, questions, a_repondre_avant, exercice, selection, cree_nom)
    values (${e.modele_id}, ${e.modele_version}, ${e.genre}, ${e.destinataire}, ${e.objet}, ${e.corps},
      ${JSON.stringify(e.questions)}::jsonb, ${e.a_repondre_avant}, ${e.exercice}, ${e.selection}, ${e.cree_nom})
    returning id`)
  return id
}

/**
 * One line for each adhérent of the selection (and, with a list of values, of that list), with the reason when he is left
 * out: a value is missing, no exercice, or he had the same courrier already.
 */
export async function insertLignes(
  db: Db,
  envoi: {
    id: string
    modeleId: string
    exercice: number | null
    variables: readonly string[]
    encore: boolean
  },
  selection: Selection,
  valeurs: readonly LigneValeurs[],
  today: string,
): Promise<void> {
  const { id, exercice, variables } = envoi
  const wanted = variables.filter((name) => name.startsWith('valeur'))
  const ofExercice = exercice !== null || variables.includes('exercice') || variables.includes('cloture')
  const listed = valeurs.length > 0
  await db.run(sql`insert into envoi_courrier_lignes (envoi_id, rang, numero, adherent_id, cloture_id, valeurs, motif)
    select ${id}, row_number() over (order by a.numero_tri, a.id)::int, a.numero, a.id, c.id,
      coalesce(v.valeurs, '{}'), case
        when ${ofExercice} and c.id is null then ${exercice === null ? 'Aucun exercice n’est choisi.' : `Pas d’exercice clos en ${exercice}.`}
        when ${variables.includes('cabinet')} and a.structure_id is null then 'Pas de cabinet.'
        when x.manque is not null then 'Il manque {{' || x.manque || '}}.'
        when ${!envoi.encore} and d.numero is not null then 'A déjà reçu ce modèle : ' || d.numero || '.'
        else '' end
    from adherents a
    left join lateral (select l.id from clotures l where l.organisme_id = a.organisme_id and l.adherent_id = a.id
      and l.fin between ${`${exercice ?? 1}-01-01`.padStart(10, '0')}::date and ${`${exercice ?? 1}-12-31`.padStart(10, '0')}::date
      order by l.fin desc limit 1) c on ${exercice !== null}
    left join jsonb_to_recordset(${JSON.stringify(valeurs)}::jsonb) as v (numero text, valeurs jsonb) on v.numero = a.numero
    left join lateral (select min(w) as manque from unnest(${wanted}::text[]) as w
      where coalesce(v.valeurs ->> w, '') = '') x on true
    left join lateral (select k.numero from envoi_courrier_lignes p
      join envois_courriers e on e.organisme_id = p.organisme_id and e.id = p.envoi_id
      join courriers k on k.organisme_id = p.organisme_id and k.id = p.courrier_id
      where p.organisme_id = a.organisme_id and p.adherent_id = a.id and e.modele_id = ${envoi.modeleId}
        and e.exercice is not distinct from ${exercice}::int limit 1) d on true
    where ${conditionOf(selection, today)} and (${!listed} or v.numero is not null)`)
  if (listed) {
    await db.run(sql`insert into envoi_courrier_lignes (envoi_id, rang, numero, motif)
      select ${id}, ${1_000_000} + row_number() over (order by v.rang)::int, v.numero,
        case when exists (select from adherents a where a.numero = v.numero) then 'Hors de la sélection.'
          else 'Aucun adhérent ne porte ce numéro.' end
      from unnest(${valeurs.map((v) => v.numero)}::text[]) with ordinality as v (numero, rang)
      where not exists (select from envoi_courrier_lignes l where l.envoi_id = ${id} and l.numero = v.numero)`)
  }
}

/** Those who are left out, by reason, with the first numbers. */
export function listMotifs(
  db: Db,
  envoiId: string,
): Promise<{ motif: string; n: number; numeros: string[] }[]> {
  return db.many(sql`select regexp_replace(l.motif, ' : C-.*', '.') as motif, count(*)::int as n,
      (array_agg(l.numero order by l.rang))[1:30] as numeros
    from envoi_courrier_lignes l where l.envoi_id = ${envoiId} and l.motif <> ''
    group by 1 order by 2 desc, 1`)
}

/** A line with what its courrier needs to know of the dossier. */
export interface Ligne {
  id: string
  adherent_id: string
  structure_id: string | null
  cloture_id: string | null
  fin: string | null
  numero: string
  nom: string
  cabinet: string | null
  adresse: string[]
  valeurs: Record<string, string>
}

const LIGNE = sql`l.id, l.adherent_id, a.structure_id, l.cloture_id, c.fin, a.numero,
  trim(a.civilite || ' ' || a.denomination) as nom, s.nom as cabinet, a.adresse_professionnelle as adresse, l.valeurs`
const LIGNE_FROM = sql`envoi_courrier_lignes l
  join adherents a on a.organisme_id = l.organisme_id and a.id = l.adherent_id
  left join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
  left join clotures c on c.organisme_id = l.organisme_id and c.id = l.cloture_id`

/** The next lines to write, held until they are. */
export function lockLignes(db: Db, envoiId: string, limit: number): Promise<Ligne[]> {
  return db.many<Ligne>(sql`select ${LIGNE} from ${LIGNE_FROM}
    where l.envoi_id = ${envoiId} and l.courrier_id is null and l.motif = '' order by l.rang limit ${limit} for update of l`)
}

/** One line to look at: that number's, or the first that will be sent. */
export function findLigne(db: Db, envoiId: string, numero: string): Promise<Ligne | undefined> {
  return db.maybe<Ligne>(sql`select ${LIGNE} from ${LIGNE_FROM}
    where l.envoi_id = ${envoiId} and (a.numero = ${numero} or ${numero} = '')
    order by l.motif = '' desc, l.rang limit 1`)
}

export async function markLigne(
  db: Db,
  id: string,
  done: { courrierId: string } | { motif: string },
): Promise<void> {
  await ('courrierId' in done
    ? db.run(sql`update envoi_courrier_lignes set courrier_id = ${done.courrierId} where id = ${id}`)
    : db.run(sql`update envoi_courrier_lignes set motif = ${done.motif} where id = ${id}`))
}

export async function confirmEnvoi(db: Db, id: string, userId: string, travailId: string): Promise<void> {
  await db.run(sql`update envois_courriers set confirme_le = now(), confirme_par = ${userId},
    travail_id = ${travailId} where id = ${id}`)
}

/** Gives a preparation up. */
export async function deleteEnvoi(db: Db, id: string): Promise<void> {
  await db.run(sql`delete from envoi_courrier_lignes where envoi_id = ${id}`)
  await db.run(sql`delete from envois_courriers where id = ${id} and confirme_le is null`)
}
