import type { Db } from '../db.ts'
import { Defect } from '../errors.ts'
import { sql } from '../sql.ts'
import { type MailData, type Template, templates } from './templates.ts'

export interface Mail<T extends Template> {
  /** One per event and recipient, for example `document:<id>:<utilisateur>`: the same key twice is one mail. */
  key: string
  /** File of `views/mails`. */
  template: T
  /** Id of a person of this organisme, or somebody who is not one (yet): a new address, a refused request. */
  to: string | { nom: string; courriel: string }
  /** What templates.ts lists for it. `lien` is a path of ours, `/documents/…`. */
  data: MailData<T>
}

/** Mails of one task: a crash in the middle sends that many twice at most. */
export const LOT = 25

/**
 * Many mails to people of the organisme, in one statement. They leave in lots, behind those that somebody is waiting for.
 * @throws Defect as `queueMail`
 */
export async function queueMails<T extends Template>(
  db: Db,
  template: T,
  mails: readonly { key: string; to: string; data: MailData<T> }[],
): Promise<void> {
  const data = mails.map((mail) => {
    const checked = templates[template].safeParse(mail.data)
    if (!checked.success) throw new Defect(`mail ${template}: ${checked.error.message}`)
    return JSON.stringify(checked.data)
  })
  if (mails.length === 0) return
  await db.run(sql`select app.ajouter_courriels(${template}, ${mails.map((m) => m.key)}::text[],
    ${mails.map((m) => m.to)}::uuid[], ${data}::jsonb[], ${LOT})`)
}

/**
 * Queues a mail in the transaction of the act: it leaves if and only if the act is committed, at least once.
 * Whoever acts may, a visitor without log-in too. For a person without address the row is kept with the reason, unsent.
 * @throws Defect when the data is not what the template takes.
 */
export async function queueMail<T extends Template>(db: Db, mail: Mail<T>): Promise<void> {
  const checked = templates[mail.template].safeParse(mail.data)
  if (!checked.success) throw new Defect(`mail ${mail.template}: ${checked.error.message}`)
  const person = typeof mail.to === 'string' ? mail.to : null
  const { nom, courriel } = typeof mail.to === 'string' ? { nom: '', courriel: '' } : mail.to
  await db.run(sql`select app.ajouter_courriel(${mail.key}, ${mail.template}, ${person}::uuid, ${nom.trim()},
    ${courriel.trim()}, ${JSON.stringify(checked.data)}::jsonb)`)
}
