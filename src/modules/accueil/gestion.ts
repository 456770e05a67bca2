import { type Ctx, type Reply, type SignedIn, view } from '../../kernel/page.ts'
import { gestionAccueil } from '../gestion/queries.ts'

/** Staff: what waits for somebody of the organisme, each number a link to its list. */
export async function accueilGestion({ db }: Ctx & SignedIn): Promise<Reply> {
  return view('accueil/gestion', { ...(await gestionAccueil(db)) })
}
