import { type Route, page, view } from '../../kernel/page.ts'
import { lien } from '../../kernel/views.ts'
import { addDays } from '../clotures/calendrier.ts'
import { type JourDeLimite, LIBELLES_LIMITES, listDepassees, listLimites } from './echeances-queries.ts'
import { LISTE } from './paths.ts'
import { rattraper } from './queries.ts'

/** How far the page looks ahead. */
const HORIZON_JOURS = 180

export const echeances: Route[] = [
  page('/gestion/suivi/echeances', {
    can: 'gestion.suivi.read',
    async run({ db, today }) {
      const [retard, depassees, jours] = await Promise.all([
        rattraper(db),
        listDepassees(db, today),
        listLimites(db, today, addDays(today, HORIZON_JOURS)),
      ])
      return view('suivi/echeances', {
        aRattraper: retard,
        depassees: depassees.map((d) => ({
          ...d,
          libelle: LIBELLES_LIMITES[d.limite],
          url: lien(LISTE, { exercice: d.exercice, retard: d.limite }),
        })),
        mois: byMonth(jours),
        horizon: HORIZON_JOURS / 30,
      })
    },
  }),
]

function byMonth(jours: readonly JourDeLimite[]) {
  const months = new Map<string, object[]>()
  for (const jour of jours) {
    const key = jour.jour.slice(0, 7)
    const list = months.get(key) ?? []
    list.push({
      ...jour,
      libelle: LIBELLES_LIMITES[jour.limite],
      url: lien(LISTE, { exercice: jour.exercice, jour: jour.jour, limite: jour.limite }),
    })
    months.set(key, list)
  }
  return [...months].map(([mois, lignes]) => ({ premier: `${mois}-01`, lignes }))
}
