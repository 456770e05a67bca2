import { type Ctx, type Reply, type SignedIn, view } from '../../kernel/page.ts'
import { demarrage } from '../gestion/demarrage.ts'
import { gestionAccueil } from '../gestion/queries.ts'

/** Staff: what waits for somebody of the organisme, each number a link to its list. */
export async function accueilGestion({ db, can, organisme }: Ctx & SignedIn): Promise<Reply> {
  const [accueil, etapes] = await Promise.all([
    gestionAccueil(db),
    can('reglages.manage') ? demarrage(db, organisme) : null,
  ])
  return view('accueil/gestion', { ...accueil, demarrage: etapes })
}
