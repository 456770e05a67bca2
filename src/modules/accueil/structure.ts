import { type Ctx, type Reply, type SignedIn, view } from '../../kernel/page.ts'
import { aFaire } from '../a-faire/liste.ts'
import { dernieresActualites } from '../actualites/queries.ts'
import { countClients } from '../clients/queries.ts'
import { countDemandesDeStructure } from '../coordonnees/queries.ts'
import { countNew } from '../courriers/scope.ts'
import { countPending } from '../validations/queries.ts'

/** People of a cabinet: the five tiles of the guide (F18 to F20), what waits, what is new; all in one round trip. */
export async function accueilStructure({ db, user, organisme, today, can }: Ctx & SignedIn): Promise<Reply> {
  const on = (module: string) => organisme.modules.includes(module)
  const cabinet = on('adherents') && user.structureId !== null
  const [actualites, demandes, clients, courriers, aValider, choses] = await Promise.all([
    on('actualites') ? dernieresActualites(db, 6) : [],
    cabinet ? countDemandesDeStructure(db, user.structureId!) : 0,
    cabinet ? countClients(db, { numero: '', nom: '', etat: '' }) : 0,
    cabinet && on('courriers') ? countNew(db, user) : undefined,
    cabinet && on('courriers') && can('clients.update') ? countPending(db) : undefined,
    cabinet && on('courriers') ? aFaire(db, user, 5) : [],
  ])
  return view('accueil/structure', {
    cabinet,
    actualites,
    demandes,
    clients,
    courriers,
    aValider,
    choses: choses.map((chose) => ({
      ...chose,
      enRetard: chose.echeance !== null && chose.echeance < today,
    })),
  })
}
