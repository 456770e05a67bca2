import type { JournalNote } from '../../kernel/page.ts'
import { type Db, brokenConstraint } from '../../kernel/db.ts'
import { NotFound, Refusal } from '../../kernel/errors.ts'
import { pluriel } from '../../kernel/formats.ts'
import { sql } from '../../kernel/sql.ts'

const NOTHING_CHANGED = 'Rien n’a été changé : relisez la liste.'

/** One of the firm, kept from leaving until the act is over. @throws Refusal when he cannot be given a dossier */
export async function lockReceveur(db: Db, id: string): Promise<{ id: string; nom: string }> {
  const found = await db.maybe<{ id: string; nom: string; present: boolean }>(sql`
    select u.id, trim(u.prenom || ' ' || u.nom) as nom, u.parti_le is null and u.bloque_le is null as present
    from utilisateurs u where u.id = ${id} and u.structure_id = ${db.context.structureId ?? null}
      and u.role in ('collaborateur', 'superviseur') for no key update`)
  if (!found) throw new Refusal('Choisissez un collaborateur de votre cabinet.', 'collaborateur')
  if (!found.present) {
    const sentence = `${found.nom} ne peut pas recevoir de dossier : son départ est enregistré ou son compte bloqué.`
    throw new Refusal(sentence, 'collaborateur')
  }
  return found
}

/** Dossiers of nobody become his. @throws Refusal when one is somebody's by now; NotFound for a foreign dossier */
export async function assign(db: Db, dossiers: readonly string[], versId: string): Promise<{ nom: string }> {
  const vers = await lockReceveur(db, versId)
  await mustBeOurs(db, dossiers)
  const taken = await db.maybe<{ denomination: string; nom: string }>(sql`
    select a.denomination, trim(u.prenom || ' ' || u.nom) as nom from affectations f
    join adherents a on a.organisme_id = f.organisme_id and a.id = f.adherent_id
    join utilisateurs u on u.organisme_id = f.organisme_id and u.id = f.utilisateur_id
    where f.adherent_id = any(${dossiers}::uuid[]) and f.jusqu_a is null limit 1`)
  if (taken)
    throw new Refusal(`Le dossier ${taken.denomination} est déjà affecté à ${taken.nom}. ${NOTHING_CHANGED}`)
  await give(db, dossiers, vers.id, await instant(db))
  return vers
}

/**
 * Dossiers pass from one to another, or to nobody, at one instant: there is no moment when two have them.
 * @throws Refusal when one is no longer his; NotFound for a foreign dossier
 */
export async function move(
  db: Db,
  dossiers: readonly string[],
  deId: string,
  versId: string | null,
): Promise<{ nom: string } | null> {
  if (versId === deId) throw new Refusal('Ce collaborateur a déjà ces dossiers.', 'collaborateur')
  const vers = versId === null ? null : await lockReceveur(db, versId)
  await mustBeOurs(db, dossiers)
  const at = await instant(db)
  const ended =
    await db.run(sql`update affectations set jusqu_a = ${at}, retire_par = ${db.context.utilisateurId ?? null}
    where adherent_id = any(${dossiers}::uuid[]) and utilisateur_id = ${deId} and jusqu_a is null`)
  if (ended !== dossiers.length) {
    const lost = dossiers.length - ended
    throw new Refusal(
      `${pluriel(lost, 'dossier a changé', 'dossiers ont changé')} de mains entre-temps. ${NOTHING_CHANGED}`,
    )
  }
  if (vers) await give(db, dossiers, vers.id, at)
  return vers
}

/** @throws NotFound when one of them is no client of the firm */
async function mustBeOurs(db: Db, dossiers: readonly string[]): Promise<void> {
  const { n } = await db.one<{ n: number }>(sql`select count(*)::int as n from adherents a
    where a.id = any(${dossiers}::uuid[]) and a.structure_id = ${db.context.structureId ?? null}`)
  if (n !== dossiers.length) throw new NotFound('dossier')
}

/** The clock after the locks: what another act wrote before has an earlier time. */
async function instant(db: Db): Promise<string> {
  return (await db.one<{ at: string }>(sql`select clock_timestamp() as at`)).at
}

/** Two at the same instant: the database lets one through, the other is told. @throws Refusal */
export async function give(db: Db, dossiers: readonly string[], versId: string, at: string): Promise<void> {
  try {
    await db.run(sql`insert into affectations (adherent_id, utilisateur_id, depuis)
      select id, ${versId}, ${at}::timestamptz from unnest(${dossiers}::uuid[]) as t (id)`)
  } catch (error) {
    if (brokenConstraint(error) !== 'affectations_une_a_la_fois') throw error
    const which = dossiers.length > 1 ? 'Un de ces dossiers' : 'Ce dossier'
    throw new Refusal(`${which} vient d’être affecté par quelqu’un d’autre. ${NOTHING_CHANGED}`)
  }
}

/** What the journal says of a dossier that changes hands. */
export function entry(
  action: 'affectation.faite' | 'affectation.changee' | 'affectation.retiree',
  adherentId: string,
  detail: Record<string, unknown>,
): JournalNote {
  return { action, objet: 'affectation', objetId: adherentId, adherentId, detail }
}
