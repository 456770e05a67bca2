import type { Db } from '../../../kernel/db.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Track } from '../../clotures/cloture.ts'

export interface Lot {
  id: string
  exercice: number
  piste: Track
  vers: string
  clotures: string[]
  cree_le: string
  applique_le: string | null
  nombre: number | null
  motif: string
}

const LOT = sql`id, exercice, piste, vers, clotures, cree_le, applique_le, nombre, motif`

export async function insertLot(
  db: Db,
  lot: { exercice: number; piste: Track; vers: string; clotures: readonly string[] },
): Promise<string> {
  const { id } = await db.one<{ id: string }>(sql`insert into lots_etapes (exercice, piste, vers, clotures)
    values (${lot.exercice}, ${lot.piste}, ${lot.vers}, ${lot.clotures}::uuid[]) returning id`)
  return id
}

/** One's own. @throws NotFound */
export function readLot(db: Db, id: string): Promise<Lot> {
  return db.one<Lot>(sql`select ${LOT} from lots_etapes where id = ${id}`)
}

/** The same, held until the act is over: pressed twice, a button acts once. @throws NotFound */
export function lockLot(db: Db, id: string): Promise<Lot> {
  return db.one<Lot>(sql`select ${LOT} from lots_etapes where id = ${id} for update`)
}

/** Applied; the journal and the history of each dossier keep what was done, the list of ids is no longer needed. */
export async function closeLot(db: Db, id: string, nombre: number, motif: string): Promise<void> {
  await db.run(sql`update lots_etapes set applique_le = now(), nombre = ${nombre}, motif = ${motif}, clotures = '{}'
    where id = ${id}`)
}

/** Of those ids, the ones that are clôtures of that year. */
export async function ofYear(db: Db, exercice: number, ids: readonly string[]): Promise<string[]> {
  const rows = await db.many<{ id: string }>(sql`select d.id from suivi_dossiers d
    where d.exercice = ${exercice} and d.id = any (${ids}::uuid[]) order by d.numero_tri, d.id`)
  return rows.map((row) => row.id)
}
