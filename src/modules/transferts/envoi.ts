import type { Ctx, ReceivedFile, SignedIn } from '../../kernel/page.ts'
import { Refusal } from '../../kernel/errors.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { controlerRecu, estTexte, garderControle } from '../fec/depot.ts'
import { insertTransfert } from './queries.ts'
import type { Genre } from './transfert.ts'

export interface Envoye {
  id: string
  accuse: string
  /** Ids of the checks of its accounting files. */
  controles: string[]
}

/**
 * Keeps what somebody sends for an adhérent and acknowledges it; accounting files are checked at once. Files first: the
 * number is taken when nothing slow is left.
 * @throws Refusal without a file, StorageUnavailable when the disk fails: then nothing has a row.
 */
export async function send(
  ctx: Ctx<{ genre: Genre; message: string }, unknown> & SignedIn,
  adherentId: string,
): Promise<Envoye> {
  const { form, files, user, db, today } = ctx
  if (files.length === 0) throw new Refusal('Choisissez au moins un fichier à envoyer.', 'fichiers')
  const kept: {
    received: ReceivedFile
    fichierId: string
    rapport: Awaited<ReturnType<typeof controlerRecu>>
  }[] = []
  for (const received of files) {
    // Before it is stored: until then its bytes are on this disk.
    const rapport = aControler(form.genre, received) ? await controlerRecu(db, adherentId, received) : null
    kept.push({ received, rapport, fichierId: await storeFile(ctx, received) })
  }
  const annee = Number(today.slice(0, 4))
  const fichierIds = kept.map(({ fichierId }) => fichierId)
  const sent = await insertTransfert(db, { annee, ...form, adherentId, fichierIds })
  const controles: string[] = []
  for (const file of kept) {
    if (!aControler(form.genre, file.received)) continue
    controles.push(await garderControle(db, { ...file, transfertId: sent.id, adherentId }))
  }
  await queueMail(db, {
    key: `transfert-recu:${sent.id}:${user.id}`,
    template: 'transfert-recu',
    to: user.id,
    data: { lien: `/transferts/${sent.id}` },
  })
  return { ...sent, controles }
}

function aControler(genre: Genre, received: ReceivedFile): boolean {
  return genre === 'fec' && estTexte(received)
}
