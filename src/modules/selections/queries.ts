import type { Db } from '../../kernel/db.ts'
import { type Sql, join, sql } from '../../kernel/sql.ts'
import { PISTES, type Piste, type Selection, typedIn } from './selection.ts'

/**
 * The condition on `adherents a` (that alias): `where ${conditionOf(selection, today)}`.
 * Read as staff: the policies add the rest.
 */
export function conditionOf(s: Selection, today: string): Sql {
  const where = [sql`true`]
  if (s.profession !== '') where.push(sql`a.professions @> array[${s.profession}]::text[]`)
  if (s.cabinet === 'aucun') where.push(sql`a.structure_id is null`)
  else if (s.cabinet !== '') where.push(sql`a.structure_id = ${s.cabinet}`)
  if (s.regime !== '') where.push(sql`a.regime_fiscal = ${s.regime}`)
  if (s.categorie !== '') where.push(sql`a.categorie = ${s.categorie}`)
  if (s.partis === '') where.push(sql`(a.perte_qualite_le is null or a.perte_qualite_le > ${today})`)
  const typed = typedIn(s)
  if (typed.length > 0) {
    where.push(sql`(a.numero = any(${typed}) or a.recherche = any(
      select app.sans_accent(nom) from unnest(${typed}::text[]) as nom))`)
  }
  if (s.exercice !== '' || PISTES.some((piste) => s[piste] !== '')) {
    where.push(sql`exists (select from clotures c where c.organisme_id = a.organisme_id and c.adherent_id = a.id
      and ${clotureConditionOf(s)})`)
  }
  return join(where, ' and ')
}

/** The condition on `clotures c` (that alias): the exercice and the states of its tracks. */
export function clotureConditionOf(s: Selection): Sql {
  const where = [sql`true`]
  if (s.exercice !== '') where.push(sql`c.fin between ${`${s.exercice}-01-01`} and ${`${s.exercice}-12-31`}`)
  for (const piste of PISTES) if (s[piste] !== '') where.push(ETAT[piste](s[piste]))
  return join(where, ' and ')
}

const ETAT: Record<Piste, (etat: string) => Sql> = {
  reception: (etat) => sql`c.reception = ${etat}`,
  attestation: (etat) => sql`c.attestation = ${etat}`,
  eccv: (etat) => sql`c.eccv = ${etat}`,
  eps: (etat) => sql`c.eps = ${etat}`,
  crm: (etat) => sql`c.crm = ${etat}`,
  dossier_gestion: (etat) => sql`c.dossier_gestion = ${etat}`,
}

export async function countSelection(db: Db, s: Selection, today: string): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    sql`select count(*)::int as n from adherents a where ${conditionOf(s, today)}`,
  )
  return n
}

export interface Choisi {
  id: string
  numero: string
  numero_tri: string
  denomination: string
  structure_id: string | null
}

/** In the order of the numbers; go on with `after`, the `numero_tri` of the last one. */
export function listSelection(
  db: Db,
  s: Selection,
  today: string,
  limit: number,
  after = '',
): Promise<Choisi[]> {
  return db.many<Choisi>(sql`select a.id, a.numero, a.numero_tri, a.denomination, a.structure_id from adherents a
    where ${conditionOf(s, today)} and a.numero_tri > ${after} order by a.numero_tri limit ${limit}`)
}

/** Of the numbers and names that were typed, those that are nobody’s; the first hundred. */
export async function listUnknown(db: Db, s: Selection): Promise<string[]> {
  const typed = typedIn(s)
  if (typed.length === 0) return []
  const rows = await db.many<{ mot: string }>(sql`select mot from unnest(${typed}::text[]) as mot
    where not exists (select from adherents a where a.numero = mot)
      and not exists (select from adherents a where a.recherche = app.sans_accent(mot)) limit 100`)
  return rows.map((row) => row.mot)
}

export interface Choix {
  valeur: string
  libelle: string
}

/** What the lists of the form offer, as this organisme uses them. */
export async function listChoix(
  db: Db,
): Promise<{ professions: Choix[]; cabinets: Choix[]; exercices: Choix[]; regimes: Choix[] }> {
  const [professions, cabinets, exercices, regimes] = await Promise.all([
    db.many<{ v: string }>(
      sql`select distinct unnest(a.professions) as v from adherents a order by 1 limit 500`,
    ),
    db.many<{ id: string; numero: string; nom: string }>(
      sql`select id, numero, nom from structures where nature = 'cabinet' order by numero limit 2000`,
    ),
    db.many<{ v: string }>(
      sql`select distinct to_char(c.fin, 'YYYY') as v from clotures c order by 1 desc limit 20`,
    ),
    db.many<{ v: string }>(
      sql`select distinct a.regime_fiscal as v from adherents a where a.regime_fiscal <> '' order by 1 limit 100`,
    ),
  ])
  const plain = (rows: { v: string }[]) => rows.map(({ v }) => ({ valeur: v, libelle: v }))
  return {
    professions: plain(professions),
    cabinets: [
      { valeur: 'aucun', libelle: 'Sans cabinet' },
      ...cabinets.map((c) => ({ valeur: c.id, libelle: `${c.numero} – ${c.nom}` })),
    ],
    exercices: plain(exercices),
    regimes: plain(regimes),
  }
}
