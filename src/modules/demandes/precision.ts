import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { nomDe } from '../messages/envoi.ts'
import { openPrecision } from '../messages/precision.ts'
import { insertMessage } from '../messages/queries.ts'
import { genreOf } from './genres.ts'
import { type Demande, lockDemande, readDemande } from './queries.ts'
import { noteMouvement } from './suivi.ts'

/** @throws Refusal when there is nobody left to ask, or nothing left to ask about */
export function mustBeAskable(demande: Pick<Demande, 'etat' | 'demandeur_id' | 'genre'>): void {
  if (demande.etat === 'traitee')
    throw new Refusal('Cette demande vient d’être traitée : il n’y a plus rien à demander.')
  if (demande.genre === 'message') throw new Refusal('À un message, on répond.')
  if (demande.demandeur_id === null && !genreOf(demande.genre).demander)
    throw new Refusal('Cette personne n’a pas encore d’accès : écrivez-lui ou appelez-la.')
}

interface Asker {
  db: Db
  user: Utilisateur
  organisme: Organisme
}

/** Asks who has asked; his answer puts the request back before the staff. @throws Refusal, NotFound */
export async function askBack(ctx: Asker, id: string, sujet: string, question: string): Promise<Demande> {
  const { db, user } = ctx
  const demande = await readDemande(db, id)
  // A request that its own module asks about is held by that module first, as when it decides it.
  const demander = demande.demandeur_id === null ? genreOf(demande.genre).demander : undefined
  await demander?.(db, demande.objet_id, question)
  const held = await lockDemande(db, id)
  mustBeAskable(held)
  const filId = demander ? null : await askInThread(ctx, held, sujet, question)
  await db.run(
    sql`update demandes set etat = 'precision', precision_recue_le = null, fil_id = ${filId} where id = ${id}`,
  )
  await noteMouvement(db, user, id, 'precision')
  return held
}

/** He reads it where he reads the organisme's other words, and is told by mail that something waits there. */
async function askInThread(
  { db, user, organisme }: Asker,
  demande: Demande,
  sujet: string,
  question: string,
): Promise<string> {
  const filId =
    demande.fil_id ??
    (await openPrecision(db, {
      sujet: `Précision demandée – ${sujet}`,
      a: demande.demandeur_id!,
      adherentId: demande.genre === 'liste-clients' ? null : demande.adherent_id,
      structureId: demande.structure_id,
      organisme: organisme.sigle || organisme.nom,
    }))
  const messageId = await insertMessage(db, {
    filId,
    auteurNom: nomDe(user),
    corps: question,
    fichierIds: [],
  })
  await queueMail(db, {
    key: `precision:${messageId}`,
    template: 'precision-demandee',
    to: demande.demandeur_id!,
    data: { lien: `/messages/${filId}` },
  })
  return filId
}
