import type { z } from 'zod'
import { Refusal } from '../../kernel/errors.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import type { Ctx, SignedIn, Utilisateur } from '../../kernel/page.ts'
import type { redaction } from './forms.ts'
import { findDestinataire, insertFil, insertMessage, listCollegues } from './queries.ts'

/** How the papers of the dialogue name a person. */
export function nomDe(user: Pick<Utilisateur, 'prenom' | 'nom' | 'login'>): string {
  return `${user.prenom} ${user.nom}`.trim() || user.login
}

/** The address that stands in « De », which nobody can change here. */
export function adresseDe(user: Pick<Utilisateur, 'courriel' | 'login'>): string {
  return user.courriel || user.login
}

export async function storePieces(ctx: Ctx & SignedIn): Promise<string[]> {
  const ids: string[] = []
  for (const received of ctx.files) ids.push(await storeFile(ctx, received))
  return ids
}

/** Opens a thread and announces it. Files first: nothing slow is left once a row stands. @throws Refusal */
export async function send(ctx: Ctx<z.output<typeof redaction>, unknown> & SignedIn): Promise<string> {
  const { db, form, user } = ctx
  const destinataire = await findDestinataire(db, form.destinataire)
  if (!destinataire) throw new Refusal('Choisissez un destinataire dans la liste.', 'destinataire')
  const wanted = new Set(form.copies)
  const copies = (await listCollegues(db)).filter(({ id }) => wanted.has(id))
  if (copies.length !== wanted.size) {
    throw new Refusal('Une copie ne peut aller qu’à une personne de votre cabinet.', 'copies')
  }
  const fichierIds = await storePieces(ctx)
  const filId = await insertFil(db, {
    sujet: form.objet,
    expediteur: adresseDe(user),
    expediteurNom: nomDe(user),
    destinataireId: destinataire.id,
    destinataire: destinataire.libelle,
    copies,
  })
  const messageId = await insertMessage(db, {
    filId,
    auteurNom: nomDe(user),
    corps: form.message,
    fichierIds,
  })
  await queueMail(db, {
    key: `message:${messageId}:${destinataire.id}`,
    template: 'message-recu',
    to: { nom: destinataire.libelle, courriel: destinataire.courriel },
    data: { lien: `/gestion/messages/${filId}` },
  })
  for (const { id } of copies) {
    await queueMail(db, {
      key: `message:${messageId}:${id}`,
      template: 'message-copie',
      to: id,
      data: { lien: `/messages/${filId}` },
    })
  }
  return filId
}
