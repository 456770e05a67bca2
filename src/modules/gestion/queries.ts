import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import { countInbox } from '../coordonnees/inbox.ts'
import { countDemandes } from '../demandes-de-compte/queries.ts'
import { countWaiting } from '../transferts/gestion-queries.ts'

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
  modifications: number
  demandesDeCompte: number
  transferts: number
  documents: DernierDocument[]
}

/** What waits for somebody of the organisme and what was published last, in one round trip. */
export async function gestionAccueil(db: Db): Promise<GestionAccueil> {
  const [modifications, demandesDeCompte, transferts, documents] = await Promise.all([
    countInbox(db, { closed: false, zone: undefined }),
    countDemandes(db),
    countWaiting(db),
    derniersDocuments(db, 6),
  ])
  return { modifications, demandesDeCompte, transferts, documents }
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
