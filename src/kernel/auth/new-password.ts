import { z } from 'zod'
import type { PasswordCost } from '../config.ts'
import type { Db } from '../db.ts'
import { Refusal } from '../errors.ts'
import { queueMail } from '../mail/queue.ts'
import type { Organisme } from '../organisme.ts'
import { sql } from '../sql.ts'
import { forgetDevices } from './devices.ts'
import { type PasswordOwner, checkPassword } from './password-rules.ts'
import { hashPassword } from './password.ts'
import { endSessions } from './sessions.ts'
import { openAccount } from './throttle.ts'

/** The two fields of a form that chooses a password: as typed, neither trimmed nor put into a Unicode form. */
export const NEW_PASSWORD = {
  nouveau: z.string({ error: 'Choisissez un mot de passe.' }).min(1, 'Choisissez un mot de passe.').max(1000),
  confirmation: z.string({ error: 'Retapez le mot de passe.' }).min(1, 'Retapez le mot de passe.').max(1000),
}

/**
 * Checks a chosen password and gives what to store. Slow on purpose: call it before the transaction has begun.
 * @throws Refusal with the sentence beside its field
 */
export async function prepareNewPassword(
  cost: PasswordCost,
  typed: { nouveau: string; confirmation: string },
  owner: PasswordOwner,
): Promise<string> {
  await checkPassword(typed.nouveau, owner, 'nouveau')
  if (typed.nouveau !== typed.confirmation) {
    throw new Refusal('Les deux mots de passe ne sont pas les mêmes. Retapez-les.', 'confirmation')
  }
  return hashPassword(cost, typed.nouveau)
}

/** What everybody around this person can guess, as the database shows it to the person. */
export async function guessableWords(db: Db, organisme: Organisme, utilisateurId: string): Promise<string[]> {
  const row = await db.one<Record<string, string | null>>(sql`
    select u.nom, u.prenom, u.login, u.courriel, s.nom as structure, s.numero as code, s.siret as siret_structure,
      a.denomination, a.numero, a.siret, a.ville
    from utilisateurs u
    left join structures s on s.id = u.structure_id
    left join adherents a on a.id = u.adherent_id
    where u.id = ${utilisateurId}`)
  const theirs = Object.values(row).filter((word): word is string => Boolean(word))
  const { nom, sigle, forme, adresse, code } = organisme
  return [...theirs, nom, sigle, forme, code, ...adresse]
}

/**
 * Puts the new password in force: sessions end, links and remembered devices are void, an account shut by tries opens,
 * and its owner is told by mail. The account counts as activated.
 */
export async function setPassword(db: Db, utilisateurId: string, hash: string): Promise<void> {
  const { organismeId } = db.context
  const { version } = await db.one<{ version: number }>(sql`
    insert into acces.secrets as x (organisme_id, utilisateur_id, mot_de_passe, change_le)
    values (${organismeId}, ${utilisateurId}, ${hash}, now())
    on conflict (organisme_id, utilisateur_id)
      do update set mot_de_passe = excluded.mot_de_passe, change_le = now(), version = x.version + 1
    returning version`)
  await Promise.all([
    endSessions(db, utilisateurId),
    forgetDevices(db, utilisateurId),
    db.run(openAccount(organismeId, utilisateurId)),
    db.run(sql`update utilisateurs set active_le = coalesce(active_le, now()) where id = ${utilisateurId}`),
    queueMail(db, {
      key: `mot-de-passe-change:${utilisateurId}:${version}`,
      template: 'mot-de-passe-change',
      to: utilisateurId,
      data: { lien: '/mot-de-passe-oublie' },
    }),
  ])
}
