import { type Route, page, view } from '../../kernel/page.ts'
import { type Espace, demandes, suivi } from './demande.ts'
import { groupesDe } from './modification.ts'
import { coordonneesPourAccueil, listModifications } from './queries.ts'
import { ZONES } from './zones.ts'

/** Requests shown to their author; older ones are of no use to him. */
const HISTORY = 50

const espace: Espace = {
  base: '/coordonnees',
  titre: 'Vos coordonnées',
  accueil: 'Page d’accueil',
  can: 'coordonnees.request',
  zones: ZONES,
  sujet: (user) => ({ adherentId: user.adherentId! }),
}

export const routes: Route[] = [
  page('/coordonnees', {
    can: 'coordonnees.read',
    async run({ db, user }) {
      const adherentId = user.adherentId!
      const [coordonnees, requests] = await Promise.all([
        coordonneesPourAccueil(db, adherentId),
        listModifications(db, { adherentId }, HISTORY),
      ])
      return view('coordonnees/coordonnees', {
        coordonnees,
        groupes: groupesDe(coordonnees, (zone) => `/coordonnees/${zone}`),
        demandes: requests.map(suivi),
      })
    },
  }),
  ...demandes(espace),
]
