import { type Module, page, view } from '../../kernel/page.ts'
import { type Espace, demandes, suivi } from '../coordonnees/demande.ts'
import { groupesDe } from '../coordonnees/modification.ts'
import { coordonneesDeStructure, listModifications } from '../coordonnees/queries.ts'
import { ZONES_CABINET } from '../coordonnees/zones.ts'
import { codeDe } from '../messages/message.ts'
import { phrases } from './phrases.ts'

const HISTORY = 50
const TITRE = 'Données personnelles du cabinet'

const espace: Espace = {
  base: '/cabinet',
  titre: TITRE,
  accueil: 'Votre compte',
  can: 'cabinet.request',
  zones: ZONES_CABINET,
  sujet: (user) => ({ structureId: user.structureId! }),
}

/** Données personnelles du cabinet: what the organisme knows of a firm, and the requests to change it (F21 to F26). */
export const cabinet: Module = {
  name: 'cabinet',
  phrases,
  module: 'adherents',
  routes: [
    page('/cabinet', {
      can: 'cabinet.read',
      async run({ db, user, organisme, can }) {
        const structureId = user.structureId!
        const [coordonnees, requests] = await Promise.all([
          coordonneesDeStructure(db, structureId),
          listModifications(db, { structureId }, HISTORY),
        ])
        const modifier = can('cabinet.request') ? (zone: string) => `/cabinet/${zone}` : undefined
        return view('cabinet/cabinet', {
          coordonnees,
          // « Cabinet Pradeau » names itself; « PRADEAU Hélène » does not.
          titre: /^cabinet\b/i.test(coordonnees.denomination)
            ? coordonnees.denomination
            : `${organisme.vocabulaire.cabinet} ${coordonnees.denomination}`,
          code: codeDe(coordonnees.numero),
          groupes: groupesDe(coordonnees, modifier, ZONES_CABINET),
          demandes: requests.map(suivi),
        })
      },
    }),
    ...demandes(espace),
  ],
}
