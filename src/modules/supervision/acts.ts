import { inviteByMail, revokeActivation } from '../../kernel/auth/activation.ts'
import { endSessions } from '../../kernel/auth/sessions.ts'
import { revokeTokens } from '../../kernel/auth/tokens.ts'
import type { Db } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { pluriel } from '../../kernel/formats.ts'
import { type Option, isOn } from './options.ts'
import { listPeople, lockOptions, measure, setOption } from './queries.ts'

/** Switches an option and does at once what follows from it; gives the sentence of what was done. @throws Refusal */
export async function change(db: Db, option: Option, on: boolean): Promise<string> {
  const etat = await lockOptions(db)
  if (isOn(etat, option) === on)
    throw new Refusal(`Cette option est déjà sur « ${on ? 'Oui' : 'Non'} » : quelqu’un vient de la changer.`)
  await setOption(db, option, on)
  if (option === 'comptes') return on ? openAccounts(db) : closeAccounts(db)
  if (option === 'portefeuille') {
    return on
      ? 'Chaque collaborateur voit maintenant tous les clients du cabinet.'
      : 'Chaque collaborateur ne voit plus que ses dossiers.'
  }
  if (on) return 'Les réponses des collaborateurs attendront maintenant une validation.'
  const { attente } = await measure(db)
  const rest =
    attente === 0
      ? ''
      : ` ${pluriel(attente, 'réponse reste', 'réponses restent')} dans la file, à valider ou à rejeter.`
  return `Les réponses des collaborateurs partent maintenant aussitôt.${rest}`
}

async function openAccounts(db: Db): Promise<string> {
  const invited = (await listPeople(db)).filter((one) => one.invite)
  for (const { id } of invited) await inviteByMail(db, id)
  const sent =
    invited.length === 0
      ? ''
      : ` ${pluriel(invited.length, 'invitation part', 'invitations partent')} par courriel, valables trois jours.`
  return `Les comptes de vos collaborateurs sont activés.${sent}`
}

/** Sessions end and links die with the switch; the walls of log-in hold besides, see `app.comptes_ouverts`. */
async function closeAccounts(db: Db): Promise<string> {
  for (const { id } of await listPeople(db)) {
    await Promise.all([
      endSessions(db, id),
      revokeActivation(db, id),
      revokeTokens(db, id, 'mot_de_passe'),
      revokeTokens(db, id, 'courriel'),
    ])
  }
  return 'Les comptes de vos collaborateurs sont désactivés et leurs sessions fermées.'
}
