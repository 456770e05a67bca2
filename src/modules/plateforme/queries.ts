import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

export interface OrganismeCompte {
  id: string
  code: string
  nom: string
  nature: 'oga' | 'editeur' | 'ordre'
  hotes: string[]
  cree_le: string
  suspendu_le: string | null
  adherents: number
  utilisateurs: number
  documents: number
  octets: number
  courriels_en_attente: number
  courriels_abandonnes: number
}

/** Every organisme with its counts; empty for anybody but the operator, whatever the code around it does. */
export function listOrganismes(db: Db): Promise<OrganismeCompte[]> {
  return db.many<OrganismeCompte>(sql`select * from app.plateforme_organismes()`)
}
