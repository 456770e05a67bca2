import { inviteByMail, revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { createToken, revokeTokens } from '../../kernel/auth/tokens.ts'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { mustReach } from './compte.ts'
import { type CompteVerrouille, block, letsIn, unblock } from './queries.ts'

type Quoi = 'bloque' | 'debloque' | 'sessions' | 'droits' | 'retrait' | 'vue'

/** Tells the owner of an account what was done to it. @param event what makes the mail one of its kind */
export async function tellOwner(db: Db, id: string, quoi: Quoi, event: string): Promise<void> {
  const lien = quoi === 'vue' ? '/profil' : '/connexion'
  await queueMail(db, {
    key: `compte:${quoi}:${id}:${event}`,
    template: 'compte-securite',
    to: id,
    data: { lien, quoi },
  })
}

/** Another activation link; the ones before open nothing any more. @throws Refusal */
export async function inviteAgain(db: Db, compte: CompteVerrouille): Promise<void> {
  if (compte.active_le !== null)
    throw new Refusal('Ce compte est déjà activé\u00a0: envoyez un lien de mot de passe.')
  if (compte.parti_le !== null) throw new Refusal('Cette personne est partie\u00a0: aucun lien ne part.')
  mustReach(compte)
  if (!(await letsIn(db, compte)))
    throw new Refusal('Son cabinet n’a pas activé les comptes de ses collaborateurs.')
  await inviteByMail(db, compte.id)
}

/** A link with which the owner chooses a new password. @throws Refusal */
export async function sendPasswordLink(db: Db, compte: CompteVerrouille): Promise<void> {
  if (compte.active_le === null)
    throw new Refusal('Ce compte n’est pas encore activé\u00a0: envoyez le lien d’activation.')
  mustReach(compte)
  const token = await createToken(db, compte.id, 'mot_de_passe')
  await queueMail(db, {
    key: `mot-de-passe:${compte.id}:${token}`,
    template: 'mot-de-passe-oublie',
    to: compte.id,
    data: { lien: `/mot-de-passe-oublie/${token}` },
  })
}

type Blockable = Pick<CompteVerrouille, 'id' | 'bloque_le'>

/** Nobody comes in by this account any more, nor by a link already sent. @throws Refusal */
export async function shut(db: Db, compte: Blockable, event: string): Promise<void> {
  if (compte.bloque_le !== null) throw new Refusal('Ce compte est déjà bloqué.')
  await block(db, compte.id)
  await Promise.all([endSessions(db, compte.id), voidLinks(db, compte.id)])
  await tellOwner(db, compte.id, 'bloque', event)
}

export async function reopen(db: Db, compte: Blockable, event: string): Promise<void> {
  if (compte.bloque_le === null) throw new Refusal('Ce compte n’est pas bloqué.')
  await unblock(db, compte.id)
  await tellOwner(db, compte.id, 'debloque', event)
}

/** No link already sent opens anything. */
export async function voidLinks(db: Db, id: string): Promise<void> {
  await Promise.all([
    revokeActivation(db, id),
    revokeTokens(db, id, 'mot_de_passe'),
    revokeTokens(db, id, 'courriel'),
  ])
}
