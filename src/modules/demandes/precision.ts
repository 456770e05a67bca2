import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import type { Utilisateur } from '../../kernel/page.ts'
import { sql } from '../../kernel/sql.ts'
import { nomDe } from '../messages/envoi.ts'
import { openPrecision } from '../messages/precision.ts'
import { insertMessage } from '../messages/queries.ts'
import { type Demande, lockDemande } from './queries.ts'
import { noteMouvement } from './suivi.ts'

/** @throws Refusal when there is nobody left to ask, or nothing left to ask about */
export function mustBeAskable(demande: Pick<Demande, 'etat' | 'demandeur_id' | 'genre'>): void {
  if (demande.etat === 'traitee')
    throw new Refusal('Cette demande vient d’être traitée : il n’y a plus rien à demander.')
  if (demande.genre === 'message') throw new Refusal('À un message, on répond.')
  if (demande.demandeur_id === null)
    throw new Refusal('Cette personne n’a pas encore d’accès : écrivez-lui ou appelez-la.')
}

/**
 * Asks who has asked. He reads it where he reads the organisme's other words, is told by mail that something waits there,
 * and his answer puts the request back before the staff.
 */
export async function askBack(
  { db, user, organisme }: { db: Db; user: Utilisateur; organisme: Organisme },
  id: string,
  sujet: string,
  question: string,
): Promise<Demande> {
  const demande = await lockDemande(db, id)
  mustBeAskable(demande)
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
  await db.run(sql`update demandes set etat = 'precision', fil_id = ${filId} where id = ${id}`)
  await noteMouvement(db, user, id, 'precision')
  await queueMail(db, {
    key: `precision:${messageId}`,
    template: 'precision-demandee',
    to: demande.demandeur_id!,
    data: { lien: `/messages/${filId}` },
  })
  return demande
}
