import type { Db } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { datetime } from '../../../kernel/formats.ts'
import { queueMail } from '../../../kernel/mail/queue.ts'
import { sql } from '../../../kernel/sql.ts'
import type { Boite } from './forms.ts'
import { FINS } from './mouvement.ts'
import { FROM, LISTE, type Liste, readListe } from './queries.ts'

/** Locks a list that nobody has decided yet. @throws Refusal with the name of whoever was first */
async function open(db: Db, id: string): Promise<Liste> {
  await db.one(sql`select id from listes_clients where id = ${id} for update`)
  const liste = await readListe(db, id)
  const le = liste.acceptee_le ?? liste.refusee_le
  if (le === null) return liste
  const what = liste.acceptee_le === null ? 'refusée' : 'acceptée'
  throw new Refusal(
    `Cette liste a déjà été ${what} par ${liste.decide_nom ?? 'un collègue'}, le ${datetime(le)}.`,
  )
}

/** Creates, moves and ends, all or nothing. Gives the list and what it changed. */
export async function accept(db: Db, id: string, by: string): Promise<Liste> {
  const liste = await open(db, id)
  const { structure_id: structureId } = liste
  await link(db, id)
  // Whoever changes firms leaves his collaborateur with it (a trigger of `affectations`); one who stops keeps his.
  await db.run(sql`update adherents a set structure_id = ${structureId}, perte_qualite_le = null, numero_dossier = ''
    where a.id = any(array(select m.adherent_id from mouvements_clients m
        where m.liste_id = ${id} and m.genre = 'arrivee' and m.adherent_id is not null))
      and (a.structure_id is distinct from ${structureId} or a.perte_qualite_le is not null)`)
  await create(db, id, structureId)
  await link(db, id)
  await db.run(sql`update adherents a set perte_qualite_le = (select m.le from mouvements_clients m
      where m.organisme_id = a.organisme_id and m.adherent_id = a.id and m.liste_id = ${id} and m.genre = 'depart')
    where a.structure_id = ${structureId} and a.id = any(array(select m.adherent_id from mouvements_clients m
      where m.liste_id = ${id} and m.genre = 'depart' and m.raison = any(${FINS}::text[])))`)
  await db.run(sql`update adherents a set structure_id = null
    where a.structure_id = ${structureId} and a.id = any(array(select m.adherent_id from mouvements_clients m
      where m.liste_id = ${id} and m.genre = 'depart' and m.raison <> all(${FINS}::text[])))`)
  await close(db, liste, sql`acceptee_le = now(), decide_par = ${by}`, 'acceptee')
  return liste
}

/** Whom the organisme knows by SIRET, which may be more than on the day the list was sent. */
async function link(db: Db, listeId: string): Promise<void> {
  // One look into the index of SIRETs for each line, whatever Postgres believes of the size of the list.
  await db.run(sql`update mouvements_clients m set adherent_id = (select a.id from adherents a
      where a.organisme_id = m.organisme_id and a.siret = m.siret and a.siret <> '' order by a.cree_le limit 1)
    where m.liste_id = ${listeId} and m.genre = 'arrivee' and m.adherent_id is null`)
}

/** Adhérents that the organisme did not know, numbered after the last one. */
async function create(db: Db, listeId: string, structureId: string): Promise<void> {
  await db.run(
    sql`select pg_advisory_xact_lock(hashtextextended('adherents:' || app.organisme_id()::text, 0))`,
  )
  await db.run(sql`with nouveaux as (
      select m.id, m.nom, m.siret, m.profession, m.le, row_number() over (order by m.nom, m.id) as rang
      from mouvements_clients m where m.liste_id = ${listeId} and m.genre = 'arrivee' and m.adherent_id is null),
    dernier as (select coalesce(max(numero::int), 0) as n from adherents where numero ~ '^[0-9]{1,9}$')
    insert into adherents (numero, denomination, siret, professions, adhesion_le, structure_id)
      select (dernier.n + rang)::text, nom, siret, array_remove(array[profession], ''), le, ${structureId}
      from nouveaux, dernier`)
}

export async function refuse(db: Db, id: string, by: string, motif: string): Promise<Liste> {
  const liste = await open(db, id)
  await close(db, liste, sql`refusee_le = now(), decide_par = ${by}, motif = ${motif}`, 'refusee')
  return liste
}

async function close(
  db: Db,
  liste: Liste,
  what: ReturnType<typeof sql>,
  resultat: 'acceptee' | 'refusee',
): Promise<void> {
  await db.run(sql`update listes_clients set ${what} where id = ${liste.id}`)
  await db.run(sql`update mouvements_clients set traite_le = now() where liste_id = ${liste.id}`)
  await queueMail(db, {
    key: `liste-clients-traitee:${liste.id}`,
    template: 'liste-clients-traitee',
    to: liste.envoyee_par,
    data: { lien: `/clients/mises-a-jour/envois/${liste.id}`, resultat },
  })
}

/** What waits, oldest first; or what was decided, newest first. */
export function listBoite(db: Db, q: Boite & { limit: number }): Promise<Liste[]> {
  const closed = q.etat === 'traitees'
  const up = closed === (q.avant !== undefined)
  const from = q.apres ?? q.avant
  const place = sql`((select x.envoyee_le from listes_clients x where x.id = ${from ?? null}), ${from ?? null}::uuid)`
  const start =
    from === undefined
      ? sql`true`
      : up
        ? sql`(l.envoyee_le, l.id) > ${place}`
        : sql`(l.envoyee_le, l.id) < ${place}`
  const order = up ? sql`l.envoyee_le, l.id` : sql`l.envoyee_le desc, l.id desc`
  const state = closed ? sql`l.decide_par is not null` : sql`l.decide_par is null`
  return db.many<Liste>(
    sql`select ${LISTE} from ${FROM} where ${state} and ${start} order by ${order} limit ${q.limit}`,
  )
}

/** How many wait, counted no further than a thousand. */
export async function countListes(db: Db): Promise<number> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n
    from (select from listes_clients where decide_par is null limit 1000) as premiers`)
  return n
}
