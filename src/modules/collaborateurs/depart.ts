import { createHash } from 'node:crypto'
import { revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { revokeTokens } from '../../kernel/auth/tokens.ts'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { sql } from '../../kernel/sql.ts'
import { give, lockReceveur } from '../affectations/acts.ts'
import type { Collaborateur } from './collaborateur.ts'
import type { Depart } from './forms.ts'
import { endSuppleancesOf } from './queries.ts'

/** Dossiers that the page can send one by one; more than that go together. */
export const UN_PAR_UN = 60

export interface Partant {
  dossiers: { id: string; numero: string; denomination: string }[]
  /** Drafts of answers about his dossiers, or that he wrote last. */
  brouillons: {
    id: string
    courrier_id: string
    objet: string
    adherent_id: string | null
    denomination: string
    modifie_le: string
  }[]
  /** His answers that wait for a validation. */
  attente: { id: string; dossier: string; adherent_id: string | null; objet: string; soumise_le: string }[]
  suppleances: {
    id: string
    du: string
    au: string
    titulaire: string
    suppleant: string
    remplace: boolean
  }[]
}

/** All that a person of the firm holds today. */
export async function holdingsOf(db: Db, id: string): Promise<Partant> {
  const structure = db.context.structureId ?? null
  const [dossiers, brouillons, attente, suppleances] = await Promise.all([
    db.many<Partant['dossiers'][number]>(sql`select a.id, a.numero, a.denomination from affectations f
      join adherents a on a.organisme_id = f.organisme_id and a.id = f.adherent_id
      where f.utilisateur_id = ${id} and f.jusqu_a is null order by a.recherche, a.id`),
    db.many<Partant['brouillons'][number]>(sql`select b.id, c.id as courrier_id, c.objet, c.adherent_id,
        coalesce(a.denomination, '') as denomination, b.modifie_le
      from brouillons b
      join courriers c on c.organisme_id = b.organisme_id and c.id = b.courrier_id
      left join adherents a on a.organisme_id = c.organisme_id and a.id = c.adherent_id
      where b.structure_id = ${structure} and (b.modifie_par = ${id} or exists (select from affectations f
        where f.organisme_id = c.organisme_id and f.adherent_id = c.adherent_id and f.utilisateur_id = ${id}
          and f.jusqu_a is null))
      order by b.modifie_le desc limit 500`),
    db.many<Partant['attente'][number]>(sql`select r.id, r.dossier, r.adherent_id, c.objet, r.soumise_le
      from reponses r join courriers c on c.organisme_id = r.organisme_id and c.id = r.courrier_id
      where r.auteur_id = ${id} and r.structure_id = ${structure} and r.transmise_le is null and r.rejetee_le is null
      order by r.soumise_le limit 500`),
    db.many<
      Partant['suppleances'][number]
    >(sql`select s.id, s.du, s.au, trim(t.prenom || ' ' || t.nom) as titulaire,
        trim(u.prenom || ' ' || u.nom) as suppleant, s.suppleant_id = ${id} as remplace
      from suppleances s
      join utilisateurs t on t.organisme_id = s.organisme_id and t.id = s.titulaire_id
      join utilisateurs u on u.organisme_id = s.organisme_id and u.id = s.suppleant_id
      where (s.titulaire_id = ${id} or s.suppleant_id = ${id}) and s.terminee_le is null and s.au >= current_date
      order by s.du`),
  ])
  return { dossiers, brouillons, attente, suppleances }
}

/** A short name of what a page has shown: what came or went since is told from it. */
export function empreinte({ dossiers, brouillons, attente, suppleances }: Partant): string {
  const ids = [dossiers, brouillons, attente, suppleances].map((rows) => rows.map(({ id }) => id).sort())
  return createHash('sha256').update(JSON.stringify(ids)).digest('base64url').slice(0, 22)
}

/**
 * The departure, all or nothing: dossiers pass to whom the page said, suppléances end, log-in closes. Drafts are the
 * firm's and follow their dossier; answers that wait stay in the queue under his name.
 * @returns how many dossiers passed to somebody, and how many are nobody's now
 * @throws Refusal when what he holds is no longer what the page showed
 */
export async function leave(
  db: Db,
  who: Collaborateur,
  depart: Depart,
  today: string,
): Promise<{ confies: number; libres: number }> {
  const held = await holdingsOf(db, who.id)
  if (empreinte(held) !== depart.vu)
    throw new Refusal(
      'Ce que ce collaborateur a en charge a changé entre-temps. Relisez, puis enregistrez. Rien n’a été fait.',
    )
  const groups = new Map<string, string[]>()
  for (const { id } of held.dossiers) {
    const to = depart.dossiers.has(id) ? depart.dossiers.get(id)! : depart.vers
    if (to === who.id) throw new Refusal('Un dossier ne peut pas rester à qui part.', `dossier-${id}`)
    if (to !== null) groups.set(to, [...(groups.get(to) ?? []), id])
  }
  for (const to of [...groups.keys()].sort()) await lockReceveur(db, to)
  const { at } = await db.one<{ at: string }>(sql`select clock_timestamp() as at`)
  const ended =
    await db.run(sql`update affectations set jusqu_a = ${at}, retire_par = ${db.context.utilisateurId ?? null}
    where utilisateur_id = ${who.id} and jusqu_a is null`)
  // One that came between the reading and now would be lost without having been seen.
  if (ended !== held.dossiers.length)
    throw new Refusal('Ses dossiers ont changé entre-temps. Relisez, puis enregistrez. Rien n’a été fait.')
  for (const [to, dossiers] of groups) await give(db, dossiers, to, at)
  await db.run(sql`update utilisateurs set parti_le = ${depart.le} where id = ${who.id}`)
  const links = [
    revokeActivation(db, who.id),
    revokeTokens(db, who.id, 'mot_de_passe'),
    revokeTokens(db, who.id, 'courriel'),
  ]
  await Promise.all([
    endSuppleancesOf(db, who.id),
    ...(depart.le <= today ? [endSessions(db, who.id), ...links] : []),
  ])
  const confies = [...groups.values()].reduce((sum, ids) => sum + ids.length, 0)
  return { confies, libres: held.dossiers.length - confies }
}

/** A departure entered by mistake, or somebody who comes back: he may log in again; his dossiers stay where they went. */
export async function comeBack(db: Db, id: string): Promise<void> {
  await db.run(sql`update utilisateurs set parti_le = null where id = ${id}`)
}
