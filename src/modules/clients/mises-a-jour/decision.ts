import type { Db } from '../../../kernel/db.ts'
import { Refusal } from '../../../kernel/errors.ts'
import { datetime } from '../../../kernel/formats.ts'
import { queueMail } from '../../../kernel/mail/queue.ts'
import { sql } from '../../../kernel/sql.ts'
import { FINS } from './mouvement.ts'
import { type Liste, readListe } from './queries.ts'

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

/** Lines made into adhérents by one statement: five thousand at once take longer than a page may on a busy machine. */
const PAR_LOT = 500

/** Adhérents that the organisme did not know, numbered after the last one. */
async function create(db: Db, listeId: string, structureId: string): Promise<void> {
  await db.run(
    sql`select pg_advisory_xact_lock(hashtextextended('adherents:' || app.organisme_id()::text, 0))`,
  )
  const { dernier, nouveaux } = await db.one<{ dernier: number; nouveaux: number }>(sql`select
      (select coalesce(max(numero::int), 0) from adherents where numero ~ '^[0-9]{1,9}$') as dernier,
      (select count(*)::int from mouvements_clients m
        where m.liste_id = ${listeId} and m.genre = 'arrivee' and m.adherent_id is null) as nouveaux`)
  for (let from = 0; from < nouveaux; from += PAR_LOT) {
    await db.run(sql`insert into adherents (numero, denomination, siret, professions, adhesion_le, structure_id)
      select (${dernier}::int + rang)::text, nom, siret, array_remove(array[profession], ''), le, ${structureId}
      from (select m.nom, m.siret, m.profession, m.le, row_number() over (order by m.nom, m.id) as rang
        from mouvements_clients m where m.liste_id = ${listeId} and m.genre = 'arrivee' and m.adherent_id is null) n
      where rang > ${from} and rang <= ${from + PAR_LOT}`)
  }
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
