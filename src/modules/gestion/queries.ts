import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

export interface DernierDocument {
  id: string
  titre: string
  adherent_id: string
  adherent_numero: string
  adherent_nom: string
  publie_le: string
  lu: boolean
}

export interface GestionAccueil {
  documents: DernierDocument[]
}

/** What was published last. What waits is counted with the menu, on every page (module demandes). */
export async function gestionAccueil(db: Db): Promise<GestionAccueil> {
  return { documents: await derniersDocuments(db, 6) }
}

/** The documents published last, and whether somebody has opened them. */
function derniersDocuments(db: Db, n: number): Promise<DernierDocument[]> {
  return db.many<DernierDocument>(sql`select d.id, d.titre, d.adherent_id, d.publie_le, a.numero as adherent_numero,
      a.denomination as adherent_nom,
      exists (select from lectures l where l.organisme_id = d.organisme_id and l.document_id = d.id) as lu
    from documents d join adherents a on a.organisme_id = d.organisme_id and a.id = d.adherent_id
    where d.publie_le is not null and d.remplace_le is null and d.retire_le is null
    order by d.publie_le desc, d.id desc limit ${n}`)
}
