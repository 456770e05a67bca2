import type { Db } from '../../kernel/db.ts'
import { sql } from '../../kernel/sql.ts'
import type { Limite } from './situation.ts'

export const LIBELLES_LIMITES: Record<Limite, string> = {
  liasse: 'Liasses à recevoir',
  controle: 'Contrôles à terminer',
  compte_rendu: 'Comptes rendus à envoyer',
  dossier_gestion: 'Dossiers de gestion à publier',
}

export interface JourDeLimite {
  exercice: number
  limite: Limite
  jour: string
  dossiers: number
}

/** Limits that fall from one day to another, gathered by campaign, kind and day. Both days included. */
export function listLimites(db: Db, du: string, au: string): Promise<JourDeLimite[]> {
  return db.many<JourDeLimite>(sql`select d.exercice, l.limite, l.jour, count(*)::int as dossiers
    from suivi_dossiers d
    cross join lateral (values ('liasse', d.liasse_avant), ('controle', d.controle_avant),
      ('compte_rendu', d.compte_rendu_avant), ('dossier_gestion', d.dossier_gestion_avant)) as l (limite, jour)
    where l.jour between ${du} and ${au} and d.echeance <= ${au}
      and (d.liasse_avant between ${du} and ${au} or d.controle_avant between ${du} and ${au}
        or d.compte_rendu_avant between ${du} and ${au} or d.dossier_gestion_avant between ${du} and ${au})
    group by 1, 2, 3 order by 3, 1 desc, 2 limit 2000`)
}

export interface Depassees {
  exercice: number
  limite: Limite
  dossiers: number
  depuis: string
}

/** Limits that have passed, by campaign and kind. */
export function listDepassees(db: Db, today: string): Promise<Depassees[]> {
  return db.many<Depassees>(sql`select d.exercice, l.limite, count(*)::int as dossiers, min(l.jour) as depuis
    from suivi_dossiers d
    cross join lateral (values ('liasse', d.liasse_avant), ('controle', d.controle_avant),
      ('compte_rendu', d.compte_rendu_avant), ('dossier_gestion', d.dossier_gestion_avant)) as l (limite, jour)
    where d.echeance < ${today} and l.jour < ${today} group by 1, 2 order by 1 desc, 2`)
}
