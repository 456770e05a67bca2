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

const COLUMNS = sql`a.id, a.numero, a.civilite, a.denomination, a.siret, a.professions, a.statut_juridique,
  a.adresse_professionnelle, a.adresse_personnelle, a.telephones, a.courriel`

/** The coordinates of an adhérent with what waits for a decision, in one query. @throws NotFound */
export function coordonneesPourAccueil(db: Db, adherentId: string): Promise<Coordonnees> {
  return db.one<Coordonnees>(sql`select ${COLUMNS}, coalesce((
      select json_agg(json_build_object('id', m.id, 'zone', m.zone, 'apres', m.apres, 'demande_le', m.demande_le))
      from modifications m where m.adherent_id = a.id and m.close_le is null), '[]') as attentes
    from adherents a where a.id = ${adherentId}`)
}

/** The same adhérent, kept from changing until the act is over; for the staff. @throws NotFound */
export function lockCoordonnees(db: Db, adherentId: string): Promise<Omit<Coordonnees, 'attentes'>> {
  return db.one(sql`select ${COLUMNS} from adherents a where a.id = ${adherentId} for update`)
}

export type Issue = 'acceptee' | 'refusee' | 'retiree' | 'remplacee'

export interface Modification {
  id: string
  adherent_id: string
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

const MODIFICATION = sql`m.id, m.adherent_id, m.zone, m.avant, m.apres, m.demande_le, m.demande_par, m.close_le,
  m.close_par, m.issue, m.motif`

export async function insertModification(
  db: Db,
  m: { adherentId: string; zone: Zone; avant: Valeur; apres: Valeur; demandePar: string },
): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`
    insert into modifications (adherent_id, zone, avant, apres, demande_par)
    values (${m.adherentId}, ${m.zone}, ${m.avant}, ${m.apres}, ${m.demandePar}) returning id`)
  return id
}

/** What waited for the zone gives way to a new request; kept in the history. */
export function replacePending(db: Db, adherentId: string, zone: Zone, by: string): Promise<number> {
  return db.run(sql`update modifications set issue = 'remplacee', close_le = clock_timestamp(), close_par = ${by}
    where adherent_id = ${adherentId} and zone = ${zone} and close_le is null`)
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

/** All the requests of an adhérent, those that wait first, then the newest. */
export function listModifications(db: Db, adherentId: string, limit: number): Promise<Modification[]> {
  return db.many<Modification>(sql`select ${MODIFICATION} from modifications m where m.adherent_id = ${adherentId}
    order by m.close_le is not null, m.demande_le desc, m.id limit ${limit}`)
}

/** Writes the wanted value in the fiche. */
export async function applyModification(
  db: Db,
  adherentId: string,
  zone: Zone,
  valeur: Valeur,
): Promise<void> {
  const touched = await db.run(sql`update adherents set ${assignment(zone, valeur)} where id = ${adherentId}`)
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
