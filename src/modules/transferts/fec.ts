import { FEC } from '../../kernel/files/allow-list.ts'
import { type Ctx, type Reply, type SignedIn, redirect, view } from '../../kernel/page.ts'
import { type Envoye, send } from './envoi.ts'

/** Takes one accounting file for an adhérent, and leads to its report. */
export async function envoyerFec(
  ctx: Ctx<{ message: string }, unknown> & SignedIn,
  adherentId: string,
): Promise<Reply> {
  const sent = await send({ ...ctx, form: { ...ctx.form, genre: 'fec' } }, adherentId)
  noter(ctx, sent, adherentId)
  return redirect(
    `/fec/${sent.controles[0]}`,
    `Votre fichier est bien arrivé. Son numéro est ${sent.accuse}.`,
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
