import { type Ctx, type Reply, type SignedIn, view } from '../../kernel/page.ts'

/** Staff: what waits for somebody of the organisme, each number a link to its list. */
export async function accueilGestion(_ctx: Ctx & SignedIn): Promise<Reply> {
  return view('accueil/structure', { actualites: [] })
}
