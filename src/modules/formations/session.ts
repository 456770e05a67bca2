import { brokenConstraint } from '../../kernel/db.ts'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { datetime } from '../../kernel/formats.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { hasBegun } from './formation.ts'
import {
  type Contenu,
  type Session,
  cancelSession,
  findAdherent,
  listPeople,
  lockInscription,
  lockSession,
  markAttendance,
  updateSession,
} from './gestion-queries.ts'
import { promote } from './inscription.ts'
import { cancelInscription, insertInscription } from './queries.ts'

/** What staff does with a session. */

export type Etat = 'brouillon' | 'annulee' | 'passee' | 'complete' | 'ouverte'

export const ETATS: Record<
  Etat,
  { libelle: string; genre: 'neutre' | 'cours' | 'attente' | 'succes' | 'alerte' }
> = {
  brouillon: { libelle: 'brouillon', genre: 'attente' },
  annulee: { libelle: 'annulée', genre: 'alerte' },
  passee: { libelle: 'passée', genre: 'neutre' },
  complete: { libelle: 'complète', genre: 'cours' },
  ouverte: { libelle: 'ouverte', genre: 'succes' },
}

export function etatOf(session: Session, now: Date): Etat {
  if (session.annulee_le !== null) return 'annulee'
  if (session.publiee_le === null) return 'brouillon'
  if (Date.parse(session.fin) <= now.getTime()) return 'passee'
  return session.inscrits >= session.places ? 'complete' : 'ouverte'
}

/** Changes a session; places that are added go to those who wait. @returns how many got one. @throws Refusal */
export async function edit(db: Db, id: string, form: Contenu & { revision: number }): Promise<number> {
  const session = await lockSession(db, id)
  notCancelled(session)
  if (session.revision !== form.revision) {
    const who = session.modifie_par_nom || 'Une autre personne'
    throw new Refusal(
      `${who} a modifié cette formation le ${datetime(session.modifie_le)}, pendant que vous y travailliez. Rien n’a été enregistré : rechargez la page.`,
    )
  }
  try {
    await updateSession(db, id, form)
  } catch (error) {
    if (brokenConstraint(error) !== 'formations_places') throw error
    throw new Refusal(
      `${session.inscrits} personnes sont déjà inscrites : il faut au moins autant de places.`,
      'places',
    )
  }
  return promote(db, id)
}

/** Nobody will come: everybody enrolled or waiting is told by mail. @throws Refusal */
export async function cancelWhole(db: Db, id: string, motif: string, now: Date): Promise<number> {
  const session = await lockSession(db, id)
  notCancelled(session)
  if (Date.parse(session.fin) <= now.getTime()) throw new Refusal('Cette formation a déjà eu lieu.')
  await cancelSession(db, id, motif)
  const people = await listPeople(db, id)
  for (const { utilisateur } of people) {
    await queueMail(db, {
      key: `formation-annulee:${id}:${utilisateur}`,
      template: 'formation-annulee',
      to: utilisateur,
      data: { lien: `/formations/${id}` },
    })
  }
  return people.length
}

/** Enrols somebody who has telephoned. @returns whether he waits. @throws Refusal */
export async function enrolByNumber(
  db: Db,
  id: string,
  numero: string,
  now: Date,
): Promise<{ adherentId: string; nom: string; waits: boolean }> {
  const session = await lockSession(db, id)
  notCancelled(session)
  if (hasBegun(session, now)) throw new Refusal('Cette formation a déjà commencé.', 'numero')
  if (session.publiee_le === null) throw new Refusal('Publiez d’abord cette formation.', 'numero')
  const found = await findAdherent(db, numero)
  if (!found) throw new Refusal(`Aucun dossier en cours ne porte le n° ${numero}.`, 'numero')
  return { adherentId: found.id, nom: found.denomination, waits: await insertInscription(db, id, found.id) }
}

/** Takes somebody off; the place goes to whoever waits first. @throws NotFound, Refusal once it has begun */
export async function takeOff(db: Db, id: string, inscriptionId: string, now: Date): Promise<string> {
  const session = await lockSession(db, id)
  if (hasBegun(session, now))
    throw new Refusal('Cette formation a déjà commencé : relevez plutôt les présences.')
  const { adherent_id } = await lockInscription(db, id, inscriptionId)
  await cancelInscription(db, id, adherent_id)
  await promote(db, id)
  return adherent_id
}

/** Keeps who was there. @throws Refusal before it begins */
export async function recordAttendance(
  db: Db,
  id: string,
  present: readonly string[],
  now: Date,
): Promise<void> {
  const session = await lockSession(db, id)
  notCancelled(session)
  if (!hasBegun(session, now))
    throw new Refusal('Les présences se relèvent à partir du début de la formation.')
  await markAttendance(db, id, present)
}

function notCancelled(session: Session): void {
  if (session.annulee_le !== null) throw new Refusal('Cette formation est annulée.')
}
