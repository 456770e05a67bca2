import { type Ctx, type Reply, type SignedIn, view } from '../../kernel/page.ts'
import { dernieresActualites } from '../actualites/queries.ts'
import { carte, lastAndNext } from '../clotures/presentation.ts'
import { listClotures, readRegles } from '../clotures/queries.ts'
import { groupesDe } from '../coordonnees/modification.ts'
import { coordonneesPourAccueil } from '../coordonnees/queries.ts'
import { horaires, placesSentence, statut } from '../formations/formation.ts'
import { prochainesFormations } from '../formations/queries.ts'
import { derniersTransferts } from '../transferts/queries.ts'
import { GENRES, pastille } from '../transferts/transfert.ts'

/** The frames of the guide, in its order; everything in one round trip (F6 to F12). */
export async function accueilAdherent({ db, user, today, now, organisme }: Ctx & SignedIn): Promise<Reply> {
  const adherentId = user.adherentId!
  const on = (module: string) => organisme.modules.includes(module)
  const [coordonnees, clotures, regles, actualites, formations, transferts] = await Promise.all([
    coordonneesPourAccueil(db, adherentId),
    listClotures(db, adherentId, 4),
    readRegles(db),
    on('actualites') ? dernieresActualites(db, 4) : [],
    on('formations') ? prochainesFormations(db, 3) : [],
    on('transferts') ? derniersTransferts(db, 3) : [],
  ])
  const { derniere, prochaine } = lastAndNext(clotures, today)
  return view('accueil/adherent', {
    coordonnees,
    groupes: groupesDe(coordonnees, (zone) => `/coordonnees/${zone}`),
    derniere: derniere && carte(derniere, regles, today),
    prochaine: prochaine && carte(prochaine, regles, today),
    actualites,
    formations: formations.map((f) => ({
      ...f,
      quand: horaires(f),
      places_texte: placesSentence(f),
      statut: statut(f, now),
    })),
    transferts: transferts.map((t) => ({ ...t, libelle: GENRES[t.genre], statut: pastille(t) })),
  })
}
