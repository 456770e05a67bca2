import type { Ctx, SignedIn } from '../../kernel/page.ts'
import { Refusal } from '../../kernel/errors.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { insertTransfert } from './queries.ts'
import type { Genre } from './transfert.ts'

/**
 * Keeps what an adhérent sends and acknowledges it. Files first: the number is taken when nothing slow is left.
 * @throws Refusal without a file, StorageUnavailable when the disk fails: then nothing has a row.
 */
export async function send(
  ctx: Ctx<{ genre: Genre; message: string }, unknown> & SignedIn,
): Promise<{ id: string; accuse: string }> {
  const { form, files, user, db, today } = ctx
  if (files.length === 0) throw new Refusal('Choisissez au moins un fichier à envoyer.', 'fichiers')
  const fichierIds: string[] = []
  for (const received of files) fichierIds.push(await storeFile(ctx, received))
  const annee = Number(today.slice(0, 4))
  const sent = await insertTransfert(db, { annee, ...form, adherentId: user.adherentId!, fichierIds })
  await queueMail(db, {
    key: `transfert-recu:${sent.id}:${user.id}`,
    template: 'transfert-recu',
    to: user.id,
    data: { lien: `/transferts/${sent.id}` },
  })
  return sent
}
