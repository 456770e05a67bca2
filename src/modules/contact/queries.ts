import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

export interface Cabinet {
  nom: string
  numero: string
  adresse: string[]
  telephone: string | null
  courriel: string
}

/** The firm that follows the dossier of an adhérent, if he has one. */
export function readCabinet(db: Db, adherentId: string): Promise<Cabinet | undefined> {
  return db.maybe<Cabinet>(sql`select s.nom, s.numero, s.adresse, s.telephones[1] as telephone, s.courriel
    from adherents a join structures s on s.organisme_id = a.organisme_id and s.id = a.structure_id
    where a.id = ${adherentId}`)
}
