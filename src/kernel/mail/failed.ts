import type { Db } from '../db.ts'
import { nombre } from '../formats.ts'
import { queueJob } from '../jobs.ts'
import { type Sql, sql } from '../sql.ts'
import { LOT } from './queue.ts'

export interface FailedMail {
  id: string
  destinataire: string
  nom: string
  cree_le: string
  /** What the mail server said, or why it never left. */
  erreur: string
  /** Its words are still there and the person has an address now: it may leave again. */
  renvoyable: boolean
}

/** Neither sent nor waiting to be. */
const FAILED = sql`c.abandonne_le is not null and c.envoye_le is null`
/** After a week the words of a mail are gone (`pruneMails`). */
const AGAIN = sql`c.donnees <> '{}' and trim(u.courriel) <> ''`

/** Mails to the people of an adhérent that never arrived, the last ones first: read by staff. */
export function listFailedMails(db: Db, adherentId: string, limit = 10): Promise<FailedMail[]> {
  return db.many<FailedMail>(sql`select c.id, c.destinataire, c.destinataire_nom as nom, c.cree_le, c.erreur,
      ${AGAIN} as renvoyable
    from utilisateurs u join courriels c on c.organisme_id = u.organisme_id and c.destinataire_id = u.id
    where u.adherent_id = ${adherentId} and ${FAILED}
    order by c.cree_le desc limit ${limit}`)
}

/**
 * Lets mails that failed leave once more, to the address that each person has now. Those that are on their way, have
 * arrived or have lost their words stay as they are.
 * @param which condition on `courriels c` and its person, `utilisateurs u`
 * @returns how many leave
 */
export async function resendMails(db: Db, which: Sql): Promise<number> {
  const again = await db.many<{ id: string }>(sql`
    update courriels c set abandonne_le = null, erreur = '', essais = 0, destinataire = trim(u.courriel)
    from utilisateurs u where u.organisme_id = c.organisme_id and u.id = c.destinataire_id
      and ${FAILED} and ${AGAIN} and ${which} returning c.id`)
  for (let from = 0; from < again.length; from += LOT) {
    const ids = again.slice(from, from + LOT).map(({ id }) => id)
    await queueJob(db, 'courriels.envoyer', { ids })
  }
  return again.length
}

/** What is said of so many that leave again. */
export function resent(count: number): string {
  if (count === 0) return 'Aucun courriel à renvoyer : l’adresse manque, ou plus d’une semaine a passé.'
  return count === 1 ? 'Un courriel repart.' : `${nombre(count)} courriels repartent.`
}

/** What a permanent can do about it, from what the servers said (RFC 3463 for the figures). */
export function reasonFor(erreur: string): string {
  if (erreur.startsWith('aucune adresse')) return 'Aucune adresse électronique.'
  if (erreur.startsWith('adresse électronique')) return 'L’adresse électronique est mal écrite.'
  if (/\b5\.1\.\d|\b55[013]\b|user unknown|no such user|mailbox unavailable/i.test(erreur))
    return 'Le serveur du destinataire ne connaît pas cette adresse.'
  if (/\b[45]\.2\.2|\b[45]52\b|mailbox full|over quota/i.test(erreur))
    return 'La boîte du destinataire est pleine.'
  if (/ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|timeout|closed/i.test(erreur))
    return 'Le serveur d’envoi des courriels n’a pas répondu.'
  return 'Le courriel a été refusé.'
}
