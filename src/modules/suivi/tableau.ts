import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import {
  AVANT, COURRIERS_NON_LUS, DOCUMENTS_NON_LUS, FAIT, NON_LU, SUIVI, bientot, enRetard, reponseEnRetard,
} from './conditions.ts' // prettier-ignore
import type { QuestionTableau, TriCabinets } from './question.ts'
import type { Attente, Situation } from './situation.ts'

/** The numbers of a campaign, or of one of its cabinets. Each is the length of a list that `conditions` gives. */
export interface Comptes {
  dossiers: number
  suivis: number
  retards: number
  bientot: number
  reponses_en_retard: number
  documents_non_lus: number
  courriers_non_lus: number
  non_lus: number
  liasse_faite: number
  controle_fait: number
  compte_rendu_fait: number
  attestation_faite: number
  dossier_gestion_fait: number
  liasse_reste: number
  controle_reste: number
  compte_rendu_reste: number
  attestation_reste: number
  dossier_gestion_reste: number
  liasse_retard: number
  controle_retard: number
  compte_rendu_retard: number
  dossier_gestion_retard: number
}

const RIEN: Comptes = {
  dossiers: 0, suivis: 0, retards: 0, bientot: 0, reponses_en_retard: 0, documents_non_lus: 0, courriers_non_lus: 0,
  non_lus: 0, liasse_faite: 0, controle_fait: 0, compte_rendu_fait: 0, attestation_faite: 0, dossier_gestion_fait: 0,
  liasse_reste: 0, controle_reste: 0, compte_rendu_reste: 0, attestation_reste: 0, dossier_gestion_reste: 0,
  liasse_retard: 0, controle_retard: 0, compte_rendu_retard: 0, dossier_gestion_retard: 0,
} // prettier-ignore
const NOMS = Object.keys(RIEN) as (keyof Comptes)[]

const n = (condition: Sql, name: Sql): Sql => sql`count(*) filter (where ${condition})::int as ${name}`

function sums(today: string): Sql {
  return join(
    [
      sql`count(*)::int as dossiers`,
      n(SUIVI, sql`suivis`),
      n(enRetard(today), sql`retards`),
      n(bientot(today), sql`bientot`),
      n(reponseEnRetard(today), sql`reponses_en_retard`),
      n(DOCUMENTS_NON_LUS, sql`documents_non_lus`),
      n(COURRIERS_NON_LUS, sql`courriers_non_lus`),
      n(NON_LU, sql`non_lus`),
      n(FAIT.liasse, sql`liasse_faite`),
      n(FAIT.controle, sql`controle_fait`),
      n(FAIT.compte_rendu, sql`compte_rendu_fait`),
      n(FAIT.attestation, sql`attestation_faite`),
      n(FAIT.dossier_gestion, sql`dossier_gestion_fait`),
      n(sql`not ${FAIT.liasse} and ${SUIVI}`, sql`liasse_reste`),
      n(sql`not ${FAIT.controle} and ${SUIVI}`, sql`controle_reste`),
      n(sql`not ${FAIT.compte_rendu} and ${SUIVI}`, sql`compte_rendu_reste`),
      n(sql`not ${FAIT.attestation} and ${SUIVI}`, sql`attestation_reste`),
      n(sql`not ${FAIT.dossier_gestion} and ${SUIVI}`, sql`dossier_gestion_reste`),
      n(sql`${AVANT.liasse} < ${today}`, sql`liasse_retard`),
      n(sql`${AVANT.controle} < ${today}`, sql`controle_retard`),
      n(sql`${AVANT.compte_rendu} < ${today}`, sql`compte_rendu_retard`),
      n(sql`${AVANT.dossier_gestion} < ${today}`, sql`dossier_gestion_retard`),
    ],
    ', ',
  )
}

function which(exercice: number, cabinet: string): Sql {
  if (cabinet === 'aucun') return sql`d.exercice = ${exercice} and d.structure_id is null`
  return cabinet === ''
    ? sql`d.exercice = ${exercice}`
    : sql`d.exercice = ${exercice} and d.structure_id = ${cabinet}`
}

export interface LigneSituation extends Comptes {
  situation: Situation
  attente: Attente
}

/** The numbers of a campaign by situation, in one reading of its dossiers. */
export function listSituations(
  db: Db,
  exercice: number,
  cabinet: string,
  today: string,
): Promise<LigneSituation[]> {
  return db.many<LigneSituation>(sql`select d.situation, d.attente, ${sums(today)}
    from suivi_dossiers d where ${which(exercice, cabinet)} group by d.situation, d.attente`)
}

/** The numbers of the whole: each dossier is in one situation. */
export function totalOf(rows: readonly LigneSituation[]): Comptes {
  const total = { ...RIEN }
  for (const row of rows) for (const name of NOMS) total[name] += row[name]
  return total
}

export interface LigneCabinet {
  /** Null: the adhérents without a cabinet. */
  structure_id: string | null
  numero: string | null
  nom: string | null
  dossiers: number
  suivis: number
  retards: number
  non_lus: number
  liasse_faite: number
  questions: number
  reponses: number
  compte_rendu_fait: number
  attestation_faite: number
}

/** Cabinets in the asked order, one row more than `limit`. Every group is made whatever the page: its depth is free. */
export function listCabinets(
  db: Db,
  q: QuestionTableau & { exercice: number },
  today: string,
  limit: number,
): Promise<LigneCabinet[]> {
  const back = q.avant !== undefined
  const up = (q.sens === 'asc') !== back
  const from = q.apres ?? q.avant
  const place = sql`(select ${KEY[q.tri].x}, coalesce(x.structure_id::text, 'aucun') from g x
    where coalesce(x.structure_id::text, 'aucun') = ${from ?? ''})`
  const here = sql`(${KEY[q.tri].g}, coalesce(g.structure_id::text, 'aucun'))`
  const after = from === undefined ? sql`true` : up ? sql`${here} > ${place}` : sql`${here} < ${place}`
  const order = up
    ? sql`${KEY[q.tri].g}, coalesce(g.structure_id::text, 'aucun')`
    : sql`${KEY[q.tri].g} desc, coalesce(g.structure_id::text, 'aucun') desc`
  return db.many<LigneCabinet>(sql`with comptes as (
      select d.organisme_id, d.structure_id, count(*)::int as dossiers, ${n(SUIVI, sql`suivis`)},
        ${n(enRetard(today), sql`retards`)}, ${n(NON_LU, sql`non_lus`)}, ${n(FAIT.liasse, sql`liasse_faite`)},
        ${n(sql`d.situation in ('questions_posees', 'reponse_a_valider')`, sql`questions`)},
        ${n(sql`d.situation = 'reponse_recue'`, sql`reponses`)},
        ${n(FAIT.compte_rendu, sql`compte_rendu_fait`)}, ${n(FAIT.attestation, sql`attestation_faite`)}
      from suivi_dossiers d where ${which(q.exercice, q.cabinet)} group by d.organisme_id, d.structure_id
    ), g as materialized (
      select c.structure_id, s.numero, s.nom, lpad(coalesce(s.numero, ''), 20, '0') as rang, c.dossiers, c.suivis,
        c.retards, c.non_lus, c.liasse_faite, c.questions, c.reponses, c.compte_rendu_fait, c.attestation_faite
      from comptes c left join structures s on s.organisme_id = c.organisme_id and s.id = c.structure_id)
    select g.structure_id, g.numero, g.nom, g.dossiers, g.suivis, g.retards, g.non_lus, g.liasse_faite, g.questions,
      g.reponses, g.compte_rendu_fait, g.attestation_faite
    from g where ${after} order by ${order} limit ${limit}`)
}

const KEY: Record<TriCabinets, Record<'g' | 'x', Sql>> = {
  cabinet: { g: sql`g.rang`, x: sql`x.rang` },
  dossiers: { g: sql`g.dossiers`, x: sql`x.dossiers` },
  retard: { g: sql`g.retards`, x: sql`x.retards` },
  nonlu: { g: sql`g.non_lus`, x: sql`x.non_lus` },
}
