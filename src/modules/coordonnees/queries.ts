import type { Db } from '../../kernel/db.ts'
import { Defect } from '../../kernel/errors.ts'
import type { Sql } from '../../kernel/sql.ts'
import { sql } from '../../kernel/sql.ts'
import { decoupe } from './adresse.ts'
import type { Valeur, Zone } from './zones.ts'

/** A request that waits, as the fiche shows it. */
export interface Attente {
  id: string
  zone: Zone
  apres: Valeur
  demande_le: string
}

/** What the zones of a fiche are read from. */
export interface Coordonnees {
  id: string
  numero: string
  civilite: string
  denomination: string
  siret: string
  professions: string[]
  statut_juridique: string
  adresse_professionnelle: string[]
  adresse_personnelle: string[]
  telephones: string[]
  courriel: string
  attentes: Attente[]
}

/** Whose fiche: an adhérent's, or a firm's. */
export type Sujet = { adherentId: string } | { structureId: string }

/** The rows of `modifications m` about it. */
function about(sujet: Sujet): Sql {
  return 'adherentId' in sujet
    ? sql`m.adherent_id = ${sujet.adherentId}`
    : sql`m.structure_id = ${sujet.structureId}`
}

const COLUMNS = sql`a.id, a.numero, a.civilite, a.denomination, a.siret, a.professions, a.statut_juridique,
  a.adresse_professionnelle, a.adresse_personnelle, a.telephones, a.courriel`

/** The coordinates of an adhérent with what waits for a decision, in one query. @throws NotFound */
export function coordonneesPourAccueil(db: Db, adherentId: string): Promise<Coordonnees> {
  return db.one<Coordonnees>(sql`select ${COLUMNS}, coalesce((
      select json_agg(json_build_object('id', m.id, 'zone', m.zone, 'apres', m.apres, 'demande_le', m.demande_le))
      from modifications m where m.adherent_id = a.id and m.close_le is null), '[]') as attentes
    from adherents a where a.id = ${adherentId}`)
}

/** A firm in the shape of an adhérent: one address, one profession. */
const STRUCTURE = sql`s.id, s.numero, '' as civilite, s.nom as denomination, s.siret,
  array_remove(array[s.profession], '') as professions, s.statut_juridique, s.adresse as adresse_professionnelle,
  '{}'::text[] as adresse_personnelle, s.telephones, s.courriel`

/** The coordinates of a firm with what waits for a decision. @throws NotFound */
export function coordonneesDeStructure(db: Db, structureId: string): Promise<Coordonnees> {
  return db.one<Coordonnees>(sql`select ${STRUCTURE}, coalesce((
      select json_agg(json_build_object('id', m.id, 'zone', m.zone, 'apres', m.apres, 'demande_le', m.demande_le))
      from modifications m where m.structure_id = s.id and m.close_le is null), '[]') as attentes
    from structures s where s.id = ${structureId}`)
}

export function readCoordonnees(db: Db, sujet: Sujet): Promise<Coordonnees> {
  return 'adherentId' in sujet
    ? coordonneesPourAccueil(db, sujet.adherentId)
    : coordonneesDeStructure(db, sujet.structureId)
}

/** The requests of a firm that wait: the tile of its home (F18). */
export async function countDemandesDeStructure(db: Db, structureId: string): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n from modifications m
    where m.structure_id = ${structureId} and m.close_le is null`)
  return n
}

/** The fiche of a request, kept from changing until the act is over; for the staff. @throws NotFound */
export function lockCoordonnees(db: Db, sujet: Sujet): Promise<Omit<Coordonnees, 'attentes'>> {
  return 'adherentId' in sujet
    ? db.one(sql`select ${COLUMNS} from adherents a where a.id = ${sujet.adherentId} for update`)
    : db.one(sql`select ${STRUCTURE} from structures s where s.id = ${sujet.structureId} for update`)
}

export type Issue = 'acceptee' | 'refusee' | 'retiree' | 'remplacee'

export interface Modification {
  id: string
  /** One of the two. */
  adherent_id: string | null
  structure_id: string | null
  zone: Zone
  avant: Valeur
  apres: Valeur
  demande_le: string
  demande_par: string
  close_le: string | null
  close_par: string | null
  issue: Issue | null
  motif: string
}

/** Whose fiche a request is about. */
export function sujetDe(m: Pick<Modification, 'adherent_id' | 'structure_id'>): Sujet {
  if (m.adherent_id !== null) return { adherentId: m.adherent_id }
  if (m.structure_id !== null) return { structureId: m.structure_id }
  throw new Defect('modification about nobody')
}

export const MODIFICATION: Sql = sql`m.id, m.adherent_id, m.structure_id, m.zone, m.avant, m.apres, m.demande_le, m.demande_par, m.close_le,
  m.close_par, m.issue, m.motif`

export async function insertModification(
  db: Db,
  m: { sujet: Sujet; zone: Zone; avant: Valeur; apres: Valeur; demandePar: string },
): Promise<string> {
  const adherentId = 'adherentId' in m.sujet ? m.sujet.adherentId : null
  const structureId = 'structureId' in m.sujet ? m.sujet.structureId : null
  const { id } = await db.one<{ id: string }>(sql`
    insert into modifications (adherent_id, structure_id, zone, avant, apres, demande_par)
    values (${adherentId}, ${structureId}, ${m.zone}, ${m.avant}, ${m.apres}, ${m.demandePar}) returning id`)
  return id
}

/** What waited for the zone gives way to a new request; kept in the history. */
export function replacePending(db: Db, sujet: Sujet, zone: Zone, by: string): Promise<number> {
  return db.run(sql`update modifications m set issue = 'remplacee', close_le = clock_timestamp(), close_par = ${by}
    where ${about(sujet)} and zone = ${zone} and close_le is null`)
}

/** Locks a request until the act is over, so that two people never decide at once. @throws NotFound */
export function lockModification(db: Db, id: string): Promise<Modification> {
  return db.one<Modification>(sql`select ${MODIFICATION} from modifications m where m.id = ${id} for update`)
}

export async function closeModification(
  db: Db,
  id: string,
  end: { issue: Issue; by: string; motif?: string },
): Promise<void> {
  await db.run(sql`update modifications set issue = ${end.issue}, motif = ${end.motif ?? ''},
    close_le = clock_timestamp(), close_par = ${end.by} where id = ${id} and close_le is null`)
}

/** All the requests about a fiche, those that wait first, then the newest. */
export function listModifications(db: Db, sujet: Sujet, limit: number): Promise<Modification[]> {
  return db.many<Modification>(sql`select ${MODIFICATION} from modifications m where ${about(sujet)}
    order by m.close_le is not null, m.demande_le desc, m.id limit ${limit}`)
}

/** Writes the wanted value in the fiche. */
export async function applyModification(db: Db, sujet: Sujet, zone: Zone, valeur: Valeur): Promise<void> {
  const touched = await db.run(
    'adherentId' in sujet
      ? sql`update adherents set ${assignment(zone, valeur)} where id = ${sujet.adherentId}`
      : sql`update structures set ${structureAssignment(zone, valeur)} where id = ${sujet.structureId}`,
  )
  if (touched !== 1) throw new Defect(`modification of ${zone} touched ${touched} rows`)
}

function assignment(zone: Zone, valeur: Valeur): Sql {
  const [first = ''] = valeur
  switch (zone) {
    case 'siret':
      return sql`siret = ${first}`
    case 'statut-juridique':
      return sql`statut_juridique = ${first}`
    case 'profession':
      return sql`professions = ${valeur}`
    case 'adresse-professionnelle': {
      const { codePostal, commune } = decoupe(valeur)
      return sql`adresse_professionnelle = ${valeur}, code_postal = ${codePostal}, ville = ${commune}`
    }
    case 'adresse-personnelle':
      return sql`adresse_personnelle = ${valeur}`
    case 'telephones':
      return sql`telephones = ${valeur}`
    case 'courriel':
      return sql`courriel = ${first}`
  }
}

function structureAssignment(zone: Zone, valeur: Valeur): Sql {
  switch (zone) {
    case 'profession':
      return sql`profession = ${valeur.join(', ')}`
    case 'adresse-professionnelle':
      return sql`adresse = ${valeur}`
    case 'adresse-personnelle':
      throw new Defect('a firm has no personal address')
    default:
      return assignment(zone, valeur)
  }
}
