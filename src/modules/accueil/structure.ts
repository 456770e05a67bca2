import { type Ctx, type Reply, type SignedIn, view } from '../../kernel/page.ts'
import { dernieresActualites } from '../actualites/queries.ts'

/** People of a cabinet or an établissement: what is new, and how to reach the organisme. */
export async function accueilStructure({ db, organisme }: Ctx & SignedIn): Promise<Reply> {
  const actualites = organisme.modules.includes('actualites') ? await dernieresActualites(db, 6) : []
  return view('accueil/structure', { actualites })
}
