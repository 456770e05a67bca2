import { FileRefused } from '../../kernel/files/errors.ts'
import { FEC } from '../../kernel/files/allow-list.ts'
import { type Ctx, type Reply, type SignedIn, redirect, view } from '../../kernel/page.ts'
import { fecRecu } from '../fec/archive.ts'
import { type Envoye, send } from './envoi.ts'

/** Takes one accounting file for an adhérent, and leads to its report. */
export async function envoyerFec(
  ctx: Ctx<{ message: string }, unknown> & SignedIn,
  adherentId: string,
): Promise<Reply> {
  const [received] = ctx.files
  if (received && !(await fecRecu(received))) throw sansFec(received.name)
  const sent = await send({ ...ctx, form: { ...ctx.form, genre: 'fec' } }, adherentId)
  noter(ctx, sent, adherentId)
  return redirect(
    `/fec/${sent.controles[0]}`,
    `Votre fichier est bien arrivé. Son numéro est ${sent.accuse}.`,
  )
}

function sansFec(name: string): FileRefused {
  return new FileRefused(
    `Le fichier «\u00a0${name}\u00a0» doit contenir un seul FEC, en TXT ou en CSV. Laissez-le seul dans le zip, puis envoyez-le de nouveau.`,
    422,
    'fichiers',
  )
}

/** What the journal says of something that was sent. */
export function noter(ctx: Ctx<unknown, unknown>, sent: Envoye, adherentId: string): void {
  ctx.note({
    objet: 'transferts',
    objetId: sent.id,
    adherentId,
    detail: { accuse: sent.accuse, fichiers: ctx.files.length },
  })
}

/** The page on which a FEC is dropped. @param action where its form goes */
export function pageFec(action: string, more: Record<string, unknown>): Reply {
  return view('transferts/fec', { action, regle: FEC, ...more })
}
