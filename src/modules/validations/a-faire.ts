import type { Utilisateur } from '../../kernel/page.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { Source } from '../a-faire/source.ts'

interface Row {
  id: string
  dossier: string
  objet: string
  auteur_nom: string
  soumise_le: string
  a_repondre_avant: string | null
}

/** Answers that wait for the decision of this person: never his own; a substitute has those of whom he replaces. */
export const reponsesAValider: Source = {
  async count(db, user) {
    const { n } = await db.one<{ n: number }>(
      sql`select count(*)::int as n from ${FROM} where ${waiting(user)}`,
    )
    return n
  },
  async list(db, user, limit) {
    const rows =
      await db.many<Row>(sql`select r.id, r.dossier, r.auteur_nom, r.soumise_le, c.objet, c.a_repondre_avant
      from ${FROM} where ${waiting(user)} order by c.a_repondre_avant nulls last, r.soumise_le, r.id limit ${limit}`)
    return rows.map((row) => ({
      libelle: `Valider la réponse ${/^[aeiouyh]/i.test(sansAccent(row.auteur_nom)) ? 'd’' : 'de '}${row.auteur_nom}`,
      sujet: row.dossier === '' ? row.objet : `${row.dossier} – ${row.objet}`,
      url: `/supervision/validations/${row.id}`,
      echeance: row.a_repondre_avant,
      depuis: row.soumise_le,
    }))
  },
}

const FROM: Sql = sql`reponses r join courriers c on c.organisme_id = r.organisme_id and c.id = r.courrier_id`

function waiting(user: Utilisateur): Sql {
  const may = user.role === 'collaborateur' ? sql`app.titulaire_supplee() is not null` : sql`true`
  return sql`r.structure_id = ${user.structureId} and r.transmise_le is null and r.rejetee_le is null
    and r.auteur_id <> ${user.id} and ${may}`
}

const sansAccent = (text: string) => text.normalize('NFD').replace(/\p{Diacritic}/gu, '')
