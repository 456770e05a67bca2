import type { Db } from '../../kernel/db.ts'
import { type Sql, sql } from '../../kernel/sql.ts'

export interface Evenement {
  numero: number
  le: string
  acteur: string
  action: string
  detail: Record<string, unknown>
}

/** What the journal keeps of an adhérent, newest first; reversed when what stands before a cursor is asked. */
export function listEvenements(
  db: Db,
  adherentId: string,
  place: { apres?: string | undefined; avant?: string | undefined },
  limit: number,
): Promise<Evenement[]> {
  const start: Sql =
    place.apres !== undefined
      ? sql`and j.numero < ${Number(place.apres)}`
      : place.avant !== undefined
        ? sql`and j.numero > ${Number(place.avant)}`
        : sql``
  const order = place.avant === undefined ? sql`j.numero desc` : sql`j.numero`
  return db.many<Evenement>(sql`select j.numero, j.le, j.acteur, j.action, j.detail from journal j
    where j.adherent_id = ${adherentId} ${start} order by ${order} limit ${limit}`)
}

/** What each action of the journal means, in a sentence. An action that is not here shows by its name. */
const ACTIONS: Record<string, string> = {
  'coordonnees.demandee': 'Mise à jour de coordonnées demandée',
  'coordonnees.retiree': 'Demande de mise à jour retirée',
  'coordonnees.acceptee': 'Mise à jour de coordonnées acceptée',
  'coordonnees.refusee': 'Mise à jour de coordonnées refusée',
  'compte.cree': 'Compte créé, lien d’activation envoyé',
  'compte.invite': 'Lien d’activation envoyé',
  'compte.bloque': 'Compte bloqué, sessions fermées',
  'compte.debloque': 'Compte débloqué',
  'compte.reinitialise': 'Lien de changement de mot de passe envoyé',
}

export function phraseDe(action: string): string {
  return ACTIONS[action] ?? action
}
