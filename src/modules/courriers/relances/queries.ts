import type { Db } from '../../../kernel/db.ts'
import { type Sql, sql } from '../../../kernel/sql.ts'
import type { Demande } from '../modeles/modele.ts'
import type { Due, Rang, Reglages, Regle } from './regles.ts'

const REGLAGES = sql`r.automatique_depuis, r.plafond_jour, r.ecart_jours, r.texte_relance_1, r.texte_relance_2,
  r.texte_mise_en_demeure, (select trim(u.prenom || ' ' || u.nom) from utilisateurs u
    where u.organisme_id = r.organisme_id and u.id = r.automatique_par) as automatique_nom`

/** @throws NotFound for an organisme that sends no relances */
export function readReglages(db: Db): Promise<Reglages> {
  return db.one<Reglages>(sql`select ${REGLAGES} from reglages_relances r`)
}

/** Held until the transaction is over: whoever sends relances does so one after the other. @throws NotFound */
export function lockReglages(db: Db): Promise<Reglages> {
  return db.one<Reglages>(sql`select ${REGLAGES} from reglages_relances r for update of r`)
}

export function listRegles(db: Db): Promise<Regle[]> {
  return db.many<Regle>(sql`select genre, relance_1_jours, relance_2_jours, mise_en_demeure_jours, delai_jours
    from regles_relances order by array_position('{questions_eccv,demande_pieces,demande_eps}', genre)`)
}

export async function saveReglages(
  db: Db,
  userId: string,
  r: Omit<Reglages, 'automatique_depuis' | 'automatique_nom'> & { automatique: boolean },
  regles: readonly Regle[],
): Promise<void> {
  await db.run(sql`update reglages_relances set plafond_jour = ${r.plafond_jour}, ecart_jours = ${r.ecart_jours},
    texte_relance_1 = ${r.texte_relance_1}, texte_relance_2 = ${r.texte_relance_2},
    texte_mise_en_demeure = ${r.texte_mise_en_demeure},
    automatique_depuis = case when ${r.automatique} then coalesce(automatique_depuis, now()) end,
    automatique_par = case when ${r.automatique} then coalesce(automatique_par, ${userId}) end`)
  for (const one of regles) {
    await db.run(sql`update regles_relances set relance_1_jours = ${one.relance_1_jours},
        relance_2_jours = ${one.relance_2_jours}, mise_en_demeure_jours = ${one.mise_en_demeure_jours},
        delai_jours = ${one.delai_jours} where genre = ${one.genre}`)
  }
}

/** Relances that the rules sent that day. */
export async function countSent(db: Db, today: string): Promise<number> {
  const { n } = await db.one<{ n: number }>(
    sql`select count(*)::int as n from relances where jour = ${today} and automatique`,
  )
  return n
}

/** Since when the answer of a courrier is awaited. */
const CYCLE = sql`greatest(c.publie_le, (select max(q.redemandee_le) from courrier_questions q
  where q.organisme_id = c.organisme_id and q.courrier_id = c.id))`

/** Every courrier that is late, with the step that comes next by the rules, due today or not. */
const LATE = (today: string): Sql => sql`
  select c.id, c.numero, c.genre, c.objet, c.destinataire, c.publie_le, c.a_repondre_avant, c.adherent_id,
    c.structure_id, c.cloture_id, g.delai_jours, y.cycle_le, d.derniere,
    coalesce(${today}::date - d.derniere < p.ecart_jours, false) as trop_tot,
    case when f.rang < 1 and g.relance_1_jours is not null then 1
      when f.rang < 2 and g.relance_2_jours is not null then 2
      when f.rang < 3 and g.mise_en_demeure_jours is not null then 3 end as rang,
    case when f.rang < 1 and g.relance_1_jours is not null then g.relance_1_jours
      when f.rang < 2 and g.relance_2_jours is not null then g.relance_2_jours
      else g.mise_en_demeure_jours end as jours
  from reglages_relances p
  join regles_relances g on g.organisme_id = p.organisme_id
  join courriers c on c.organisme_id = g.organisme_id and c.genre = g.genre
  cross join lateral (select ${CYCLE} as cycle_le) y
  cross join lateral (select coalesce(max(r.rang), 0) as rang from relances r
    where r.organisme_id = c.organisme_id and r.courrier_id = c.id and r.cycle_le = y.cycle_le) f
  cross join lateral (select greatest((select max(r.jour) from relances r where r.organisme_id = c.organisme_id
      and r.courrier_id = c.id), (select max((o.publie_le at time zone 'Europe/Paris')::date) from courriers o
      where o.organisme_id = c.organisme_id and o.origine_id = c.id)) as derniere) d
  where c.publie_le is not null and c.repondu_le is null and c.clos_le is null and c.a_repondre_avant is not null
    and c.a_repondre_avant < ${today}
    and not exists (select from adherents a where a.organisme_id = c.organisme_id and a.id = c.adherent_id
      and a.perte_qualite_le <= ${today})`

/** Those whose step is due, oldest delay first; those reminded too lately stand apart. */
export function listDue(db: Db, today: string, which: { tropTot: boolean; limit: number }): Promise<Due[]> {
  return db.many<Due>(sql`select l.*, a.numero as adherent_numero, trim(a.civilite || ' ' || a.denomination) as adherent_nom,
      s.nom as structure_nom
    from (${LATE(today)}) l
    left join adherents a on a.id = l.adherent_id
    left join structures s on s.id = l.structure_id
    where l.rang is not null and l.a_repondre_avant + l.jours <= ${today}::date and l.trop_tot = ${which.tropTot}
    order by l.a_repondre_avant, l.id limit ${which.limit}`)
}

/** How many are due at each step, and how many wait because the last relance is too recent. */
export function countDue(db: Db, today: string): Promise<{ rang: Rang; trop_tot: boolean; n: number }[]> {
  return db.many(sql`select l.rang, l.trop_tot, count(*)::int as n from (${LATE(today)}) l
    where l.rang is not null and l.a_repondre_avant + l.jours <= ${today}::date
    group by l.rang, l.trop_tot order by l.rang`)
}

/**
 * Locks a courrier for its relance. False when an answer came, it was closed or somebody holds it meanwhile: it is
 * left for another day.
 */
export async function holdForRelance(db: Db, due: Due): Promise<boolean> {
  const found =
    await db.maybe(sql`select c.id from courriers c where c.id = ${due.id} and c.repondu_le is null
    and c.clos_le is null and c.a_repondre_avant = ${due.a_repondre_avant} for update skip locked`)
  return found !== undefined
}

export function listOpen(db: Db, courrierId: string): Promise<(Demande & { ordre: number })[]> {
  return db.many(sql`select q.ordre, q.nature, q.texte from courrier_questions q
    where q.courrier_id = ${courrierId} and q.satisfaite_le is null and not exists (select from reponse_lignes l
      join reponses r on r.organisme_id = l.organisme_id and r.id = l.reponse_id
      where l.organisme_id = q.organisme_id and l.question_id = q.id
        and r.transmise_le > coalesce(q.redemandee_le, '-infinity'))
    order by q.ordre`)
}

/** Keeps that a relance was sent, and until when the answer is now awaited. */
export async function recordRelance(
  db: Db,
  due: Pick<Due, 'id' | 'cycle_le' | 'rang'>,
  sent: { relanceId: string; jour: string; avant: string; automatique: boolean },
): Promise<void> {
  await db.run(sql`insert into relances (courrier_id, relance_id, cycle_le, rang, jour, automatique)
    values (${due.id}, ${sent.relanceId}, ${due.cycle_le}, ${due.rang}, ${sent.jour}, ${sent.automatique})`)
  await db.run(sql`update courriers set a_repondre_avant = ${sent.avant} where id = ${due.id}`)
}

/** A relance that a person wrote counts as a step: the rules go on after it. */
export async function recordByHand(
  db: Db,
  courrierId: string,
  sent: { relanceId: string; jour: string; miseEnDemeure: boolean },
): Promise<void> {
  await db.run(sql`insert into relances (courrier_id, relance_id, cycle_le, rang, jour, automatique)
    select c.id, ${sent.relanceId}, y.cycle_le,
      case when ${sent.miseEnDemeure} then 3 else least(2, 1 + coalesce((select max(r.rang) from relances r
        where r.organisme_id = c.organisme_id and r.courrier_id = c.id and r.cycle_le = y.cycle_le), 0)) end,
      ${sent.jour}, false
    from courriers c cross join lateral (select ${CYCLE} as cycle_le) y where c.id = ${courrierId}
    on conflict do nothing`)
}

export interface RelanceEnvoyee {
  id: string
  rang: Rang
  jour: string
  le: string
  automatique: boolean
  par_nom: string | null
  courrier_id: string
  courrier_numero: string
  objet: string
  relance_id: string
  relance_numero: string
  adherent_numero: string | null
  adherent_nom: string | null
  repondu_le: string | null
  clos_le: string | null
}

/** What was sent, newest first. */
export function listSent(
  db: Db,
  q: { apres?: string | undefined; avant?: string | undefined },
  limit: number,
): Promise<RelanceEnvoyee[]> {
  const from = q.apres ?? q.avant
  const back = q.avant !== undefined
  const at = sql`((select (x.jour, x.le) from relances x where x.id = ${from ?? null}), ${from ?? null}::uuid)`
  const place =
    from === undefined
      ? sql`true`
      : back
        ? sql`((r.jour, r.le), r.id) > ${at}`
        : sql`((r.jour, r.le), r.id) < ${at}`
  const order = back ? sql`r.jour, r.le, r.id` : sql`r.jour desc, r.le desc, r.id desc`
  return db.many<RelanceEnvoyee>(sql`select r.id, r.rang, r.jour, r.le, r.automatique, trim(u.prenom || ' ' || u.nom) as par_nom,
      c.id as courrier_id, c.numero as courrier_numero, c.objet, o.id as relance_id, o.numero as relance_numero,
      a.numero as adherent_numero, a.denomination as adherent_nom, c.repondu_le, c.clos_le
    from relances r
    join courriers c on c.organisme_id = r.organisme_id and c.id = r.courrier_id
    join courriers o on o.organisme_id = r.organisme_id and o.id = r.relance_id
    left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
    left join utilisateurs u on u.organisme_id = r.organisme_id and u.id = r.par
    where ${place} order by ${order} limit ${limit}`)
}

/** The work that sends relances now, or the last one. */
export function lastTravail(db: Db, genre: string): Promise<{ id: string; etat: string } | undefined> {
  return db.maybe(sql`select t.id, t.etat from travaux t where t.genre = ${genre}
    order by t.etat in ('pret', 'en_cours') desc, t.cree_le desc, t.id limit 1`)
}
