import type { Db } from '../../../kernel/db.ts'
import { sql } from '../../../kernel/sql.ts'
import { nextNumber } from '../../documents/queries.ts'
import type { Cote } from '../courrier.ts'
import type { Destination } from './redaction-queries.ts'

/** From now on it is seen, numbered, and does not change. */
export async function publishCourrier(
  db: Db,
  id: string,
  userId: string | null,
  annee: number,
): Promise<string> {
  const numero = `C-${await nextNumber(db, 'courriers', annee)}`
  await db.run(sql`update courriers set numero = ${numero}, publie_le = clock_timestamp(), publie_par = ${userId}
    where id = ${id}`)
  return numero
}

export interface Destinataire {
  id: string
  nom: string
  role: string
  cote: Cote
}

/** The people whom a courrier reaches: the adhérent, the log-in of his cabinet, and who has his dossier there. */
export function listDestinataires(db: Db, d: Destination): Promise<Destinataire[]> {
  return db.many<Destinataire>(sql`select u.id, trim(u.prenom || ' ' || u.nom) as nom, u.role,
      case when u.role = 'adherent' then 'adherent' else 'cabinet' end as cote
    from utilisateurs u
    where u.bloque_le is null and (u.parti_le is null or u.parti_le > current_date)
      and (u.adherent_id = ${d.adherent_id}
        or (u.structure_id = ${d.structure_id} and u.role = 'cabinet')
        or (u.structure_id = ${d.structure_id} and exists (select from affectations f
          where f.organisme_id = u.organisme_id and f.utilisateur_id = u.id and f.adherent_id = ${d.adherent_id}
            and f.jusqu_a is null)))
    order by u.role, u.nom`)
}

export async function insertEnvois(
  db: Db,
  courrierId: string,
  people: readonly Destinataire[],
  destinataire: Cote,
): Promise<void> {
  for (const p of people) {
    await db.run(sql`insert into courrier_envois (courrier_id, utilisateur_id, nom, role, qualite)
      values (${courrierId}, ${p.id}, ${p.nom}, ${p.role}, ${p.cote === destinataire ? 'destinataire' : 'copie'})`)
  }
}
