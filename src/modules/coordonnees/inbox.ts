import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import { type Coordonnees, MODIFICATION, type Modification } from './queries.ts'

const FROM = sql`modifications m
  left join adherents a on a.organisme_id = m.organisme_id and a.id = m.adherent_id
  left join structures s on s.organisme_id = m.organisme_id and s.id = m.structure_id`

export interface ModificationFiche extends Modification {
  demande_par_nom: string | null
  close_par_nom: string | null
  fiche: Omit<Coordonnees, 'attentes'>
}

/** A request with the fiche as it is today and the names of who asked and who decided. @throws NotFound */
export async function readFiche(db: Db, id: string): Promise<ModificationFiche> {
  return db.one<ModificationFiche>(sql`select ${MODIFICATION},
      trim(d.prenom || ' ' || d.nom) as demande_par_nom, trim(c.prenom || ' ' || c.nom) as close_par_nom,
      case when m.structure_id is not null then json_build_object('id', s.id, 'numero', s.numero, 'civilite', '',
        'denomination', s.nom, 'siret', s.siret, 'professions', array_remove(array[s.profession], ''),
        'statut_juridique', s.statut_juridique, 'adresse_professionnelle', s.adresse, 'adresse_personnelle', '{}'::text[],
        'telephones', s.telephones, 'courriel', s.courriel)
      else json_build_object('id', a.id, 'numero', a.numero, 'civilite', a.civilite, 'denomination', a.denomination,
        'siret', a.siret, 'professions', a.professions, 'statut_juridique', a.statut_juridique,
        'adresse_professionnelle', a.adresse_professionnelle, 'adresse_personnelle', a.adresse_personnelle,
        'telephones', a.telephones, 'courriel', a.courriel) end as fiche
    from ${FROM}
    left join utilisateurs d on d.organisme_id = m.organisme_id and d.id = m.demande_par
    left join utilisateurs c on c.organisme_id = m.organisme_id and c.id = m.close_par
    where m.id = ${id}`)
}

export async function nameOf(db: Db, utilisateurId: string | null): Promise<string | null> {
  const row = await db.maybe<{ nom: string }>(
    sql`select trim(prenom || ' ' || nom) as nom from utilisateurs where id = ${utilisateurId}`,
  )
  return row?.nom ?? null
}
