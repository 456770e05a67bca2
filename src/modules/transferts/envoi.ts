import type { Ctx, SignedIn } from '../../kernel/page.ts'
import { Refusal } from '../../kernel/errors.ts'
import { storeFile } from '../../kernel/files/store.ts'
import { queueMail } from '../../kernel/mail/queue.ts'
import { type Fec, fecRecu } from '../fec/archive.ts'
import { controlerRecu, garderControle } from '../fec/depot.ts'
import { insertTransfert } from './queries.ts'
import type { Genre } from './transfert.ts'

export interface Envoye {
  id: string
  accuse: string
  /** Ids of the checks of its accounting files. */
  controles: string[]
}

interface Garde {
  fichierId: string
  fec: Fec | undefined
  rapport: Awaited<ReturnType<typeof controlerRecu>>
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
  const kept: Garde[] = []
  for (const received of files) {
    // Before it is stored: until then its bytes are on this disk.
    const fec = form.genre === 'fec' ? await fecRecu(received) : undefined
    const rapport = fec ? await controlerRecu(ctx, adherentId, received, fec) : null
    kept.push({ fec, rapport, fichierId: await storeFile(ctx, received) })
  }
  const annee = Number(today.slice(0, 4))
  const fichierIds = kept.map(({ fichierId }) => fichierId)
  const sent = await insertTransfert(db, { annee, ...form, adherentId, fichierIds })
  const controles: string[] = []
  for (const { fec, ...file } of kept) {
    if (fec) controles.push(await garderControle(db, { ...file, fec, transfertId: sent.id, adherentId }))
  }
  await queueMail(db, {
    key: `transfert-recu:${sent.id}:${user.id}`,
    template: 'transfert-recu',
    to: user.id,
    data: { lien: `/transferts/${sent.id}` },
  })
  return { ...sent, controles }
}
