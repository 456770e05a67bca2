import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'
import type { Jour } from './calendrier.ts'
import type { Etats, Track } from './cloture.ts'

/** Why, on which day what it says happened (today when absent), and the bulk change that it is part of. */
export interface About {
  motif?: string
  effet?: Jour | null
  lotId?: string | null
}

/** Moves one track through those steps and writes who did it, when and why. */
export async function moveTrack(
  db: Db,
  clotureId: string,
  track: Track,
  steps: readonly { de: string; vers: string }[],
  motif = '',
  effet: Jour | null = null,
): Promise<void> {
  const last = steps.at(-1)
  if (!last) return
  await db.run(UPDATE[track](last.vers, [clotureId], effet))
  for (const { de, vers } of steps) {
    await db.run(sql`insert into cloture_mouvements (cloture_id, piste, de, vers, utilisateur_id, motif, effet)
      values (${clotureId}, ${track}, ${de}, ${vers}, ${db.context.utilisateurId ?? null}, ${motif}, ${effet})`)
  }
}

/** Moves one track of many clôtures to one state, in two statements however many there are. */
export async function moveTracks(
  db: Db,
  track: Track,
  moves: readonly { id: string; de: string }[],
  vers: string,
  { motif = '', effet = null, lotId = null }: About,
): Promise<void> {
  const ids = moves.map((move) => move.id)
  await Promise.all([
    db.run(UPDATE[track](vers, ids, effet)),
    db.run(sql`insert into cloture_mouvements (cloture_id, piste, de, vers, utilisateur_id, motif, effet, lot_id)
      select m.id, ${track}, m.de, ${vers}, ${db.context.utilisateurId ?? null}, ${motif}, ${effet}, ${lotId}
      from unnest(${ids}::uuid[], ${moves.map((move) => move.de)}::text[]) as m (id, de)`),
  ])
}

const UPDATE: Record<Track, (state: string, ids: readonly string[], effet: Jour | null) => Sql> = {
  reception: (state, ids, effet) => sql`update clotures set reception = ${state},
    recue_le = case when ${state} in ('recue', 'incomplete', 'complete')
      then coalesce(recue_le, ${effet}::date, current_date) else recue_le end
    where id = any (${ids}::uuid[])`,
  attestation: (state, ids) =>
    sql`update clotures set attestation = ${state} where id = any (${ids}::uuid[])`,
  eccv: (state, ids, effet) => sql`update clotures set eccv = ${state},
    controle_le = case when ${state} like 'termine%' then coalesce(${effet}::date, current_date) else controle_le end
    where id = any (${ids}::uuid[])`,
  eps: (state, ids, effet) => sql`update clotures set eps = ${state},
    controle_le = case when ${state} = 'termine' then coalesce(${effet}::date, current_date) else controle_le end
    where id = any (${ids}::uuid[])`,
  crm: (state, ids) => sql`update clotures set crm = ${state} where id = any (${ids}::uuid[])`,
  dossier_gestion: (state, ids) =>
    sql`update clotures set dossier_gestion = ${state} where id = any (${ids}::uuid[])`,
}

export interface Mouvement {
  piste: Track
  de: string
  vers: string
  le: string
  effet: string | null
  motif: string
  acteur: string | null
  /** Part of a change of many dossiers at once. */
  en_lot: boolean
}

/** The history of an exercice, or of one of its tracks, newest first. */
export function listMouvements(db: Db, clotureId: string, track?: Track): Promise<Mouvement[]> {
  return db.many<Mouvement>(sql`select m.piste, m.de, m.vers, m.le, m.effet, m.motif,
      trim(u.prenom || ' ' || u.nom) as acteur, m.lot_id is not null as en_lot
    from cloture_mouvements m
    left join utilisateurs u on u.organisme_id = m.organisme_id and u.id = m.utilisateur_id
    where m.cloture_id = ${clotureId} and (${track ?? null}::text is null or m.piste = ${track ?? null})
    order by m.le desc, m.id limit 200`)
}

export interface Deplacable extends Etats {
  id: string
  adherent_id: string
  debut: string
  fin: string
  recue_le: string | null
  controle_le: string | null
  cotisation_reglee_le: string | null
  numero: string
  denomination: string
  adhesion_le: string
  perte_qualite_le: string | null
}

/** What the rules need to know of those clôtures, in the order of the numbers; `lock` holds them until the act is over. */
export async function listDeplacables(db: Db, ids: readonly string[], lock: boolean): Promise<Deplacable[]> {
  // Locked in the order of their ids: two changes of many that cross wait for each other, and never for ever.
  if (lock) {
    await db.run(sql`select c.id from clotures c where c.id = any (${ids}::uuid[]) order by c.id for update`)
  }
  return db.many<Deplacable>(sql`select c.id, c.adherent_id, c.debut, c.fin, c.reception, c.attestation, c.eccv, c.eps,
      c.crm, c.dossier_gestion, c.recue_le, c.controle_le, c.cotisation_reglee_le, a.numero, a.denomination,
      a.adhesion_le, a.perte_qualite_le
    from clotures c join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
    where c.id = any (${ids}::uuid[]) order by a.numero_tri, c.fin`)
}
