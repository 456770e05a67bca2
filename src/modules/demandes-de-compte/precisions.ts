import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Db } from '../../kernel/db.ts'
import { date, isoDay } from '../../kernel/formats.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { sql } from '../../kernel/sql.ts'
import { lockDemande } from './queries.ts'

/** Days during which the link of a question takes an answer. */
const JOURS = 30
/** Characters of an answer; the database holds the same. */
export const REPONSE_MAX = 2000

export interface Precision {
  question: string
  posee_le: string
  expire_le: string
  repondue_le: string | null
  etat: 'libre' | 'repondue' | 'traitee' | 'remplacee' | 'expiree'
}

/**
 * Asks a visitor, at the address that he gave: he has no log-in, so the link is the key. A newer question voids those
 * that wait. Holds the request until the commit; the caller says that it waits for a precision.
 */
export async function askVisitor(db: Db, demandeId: string, question: string): Promise<void> {
  const demande = await lockDemande(db, demandeId)
  const id = randomUUID()
  const jeton = randomBytes(32).toString('base64url')
  await db.run(sql`update precisions_de_compte set remplacee_le = clock_timestamp()
    where demande_id = ${demandeId} and repondue_le is null and remplacee_le is null`)
  await db.run(sql`insert into precisions_de_compte (id, demande_id, question, empreinte, expire_le)
    values (${id}, ${demandeId}, ${question}, ${empreinte(jeton)}, now() + ${JOURS} * interval '1 day')`)
  await queueMail(db, {
    key: `precision-de-compte:${id}`,
    template: 'compte-precision',
    to: { nom: `${demande.prenom} ${demande.nom}`, courriel: demande.courriel },
    data: { lien: `/demande-de-compte/precision/${jeton}` },
  })
}

/** @throws NotFound for a link that is none of this organisme’s */
export function readPrecision(db: Db, jeton: string): Promise<Precision> {
  return db.one<Precision>(sql`select * from app.precision_de_compte(${empreinte(jeton)})`)
}

/** @returns false when the link no longer takes an answer */
export async function answerPrecision(db: Db, jeton: string, reponse: string): Promise<boolean> {
  const { kept } = await db.one<{ kept: boolean }>(
    sql`select app.repondre_precision_de_compte(${empreinte(jeton)}, ${reponse}) as kept`,
  )
  return kept
}

export interface PrecisionPosee extends Precision {
  reponse: string
  posee_par_nom: string
}

/** What the staff has asked about a request, and what was answered, the latest first. */
export function listPrecisions(db: Db, demandeId: string): Promise<PrecisionPosee[]> {
  return db.many<PrecisionPosee>(sql`select p.question, p.posee_le, p.expire_le, p.repondue_le, p.reponse,
      trim(u.prenom || ' ' || u.nom) as posee_par_nom,
      case when p.repondue_le is not null then 'repondue' when p.remplacee_le is not null then 'remplacee'
        when p.expire_le <= now() then 'expiree' else 'libre' end as etat
    from precisions_de_compte p
    join utilisateurs u on u.organisme_id = p.organisme_id and u.id = p.posee_par
    where p.demande_id = ${demandeId} order by p.posee_le desc limit 50`)
}

/** Why a link takes no answer, to a visitor who has done nothing wrong; undefined when it does. */
export function closedSentence(p: Precision): string | undefined {
  if (p.repondue_le !== null)
    return `Votre réponse du ${date(isoDay(p.repondue_le))} nous est bien parvenue. Vous n’avez rien d’autre à faire\u00a0: nous vous répondrons par courriel ou par téléphone.`
  if (p.etat === 'traitee')
    return 'Votre demande a été traitée entre-temps\u00a0: cette précision n’est plus nécessaire.'
  if (p.etat === 'remplacee')
    return 'Nous vous avons posé depuis une autre question\u00a0: répondez avec le lien du courriel le plus récent.'
  if (p.etat === 'expiree')
    return `Ce lien a expiré le ${date(isoDay(p.expire_le))}. Appelez-nous, ou refaites une demande de compte.`
  return undefined
}

function empreinte(jeton: string): Buffer {
  return createHash('sha256').update(jeton).digest()
}
