import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'

export interface Vue {
  permanent_nom: string
  motif: string
  ouverte_le: string
  terminee_le: string
}

/** Who of the staff looked at the portal as this person, the last first; the person himself may ask. */
export function listVues(db: Db, utilisateurId: string, limit: number): Promise<Vue[]> {
  return db.many<Vue>(sql`select permanent_nom, motif, ouverte_le, coalesce(terminee_le, expire_le) as terminee_le
    from vues_comme where utilisateur_id = ${utilisateurId} order by ouverte_le desc limit ${limit}`)
}

/** A look of thirty minutes, kept by the database. */
export async function insertVue(
  db: Db,
  vue: { utilisateurId: string; permanentNom: string; motif: string },
): Promise<string> {
  const { id } = await db.one<{
    id: string
  }>(sql`insert into vues_comme (utilisateur_id, permanent_nom, motif)
    values (${vue.utilisateurId}, ${vue.permanentNom}, ${vue.motif}) returning id`)
  return id
}

/** Ends the looks of whoever asks. @returns as whom he looked last, if he did */
export async function endVues(
  db: Db,
): Promise<{ id: string; utilisateur_id: string; adherent_id: string | null } | undefined> {
  return db.maybe(sql`update vues_comme v set terminee_le = least(clock_timestamp(), v.expire_le)
    from utilisateurs u where u.organisme_id = v.organisme_id and u.id = v.utilisateur_id
      and v.permanent_id = ${db.context.utilisateurId ?? null} and v.terminee_le is null
    returning v.id, v.utilisateur_id, u.adherent_id`)
}
