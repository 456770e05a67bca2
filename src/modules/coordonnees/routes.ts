import { brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { attenteDe, etatDe, groupesDe, refuseClosed, refuseUnchanged, valeurDe } from './modification.ts'
import {
  closeModification, coordonneesPourAccueil, insertModification, listModifications, lockModification, replacePending,
} from './queries.ts' // prettier-ignore
import { ZONES, type Zone, lisible, zones } from './zones.ts'

/** Requests shown to their author; older ones are of no use to him. */
const HISTORY = 50

export const routes: Route[] = [
  page('/coordonnees', {
    can: 'coordonnees.read',
    async run({ db, user }) {
      const adherentId = user.adherentId!
      const [coordonnees, requests] = await Promise.all([
        coordonneesPourAccueil(db, adherentId),
        listModifications(db, adherentId, HISTORY),
      ])
      return view('coordonnees/coordonnees', {
        coordonnees,
        groupes: groupesDe(coordonnees, (zone) => `/coordonnees/${zone}`),
        demandes: requests.map((m) => ({
          id: m.id,
          libelle: zones[m.zone].libelle,
          lignes: lisible(m.zone, m.apres),
          demandeLe: m.demande_le,
          closeLe: m.close_le,
          etat: etatDe(m.issue),
          motif: m.motif,
        })),
      })
    },
  }),
  ...ZONES.flatMap(zoneRoutes),
  act('/coordonnees/demandes/:id/retrait', {
    can: 'coordonnees.request',
    rerender: '/coordonnees',
    async run({ db, user, params, note }) {
      const m = await lockModification(db, params.id!)
      refuseClosed(m, null)
      await closeModification(db, m.id, { issue: 'retiree', by: user.id })
      note({ action: 'coordonnees.retiree', objet: 'modification', objetId: m.id, detail: { zone: m.zone } })
      return redirect(
        '/coordonnees',
        'Votre demande est retirée\u00a0: la valeur de votre fiche ne change pas.',
      )
    },
  }),
]

/** The form of a zone and its request. Each zone has its own fields, so each has its own route. */
function zoneRoutes(zone: Zone): Route[] {
  const { libelle, votre, form, champs } = zones[zone]
  return [
    page(`/coordonnees/${zone}`, {
      can: 'coordonnees.request',
      async run({ db, user }) {
        const coordonnees = await coordonneesPourAccueil(db, user.adherentId!)
        const actuelle = valeurDe(coordonnees, zone)
        const attente = attenteDe(coordonnees, zone)
        return view('coordonnees/zone', {
          zone,
          libelle,
          votre,
          actuelle: lisible(zone, actuelle),
          attente: attente && {
            id: attente.id,
            date: attente.demande_le,
            lignes: lisible(zone, attente.apres),
          },
          champs: champs(attente?.apres ?? actuelle),
          breadcrumb: [
            { libelle: 'Page d’accueil', url: '/' },
            { libelle: 'Vos coordonnées', url: '/coordonnees' },
            { libelle },
          ],
        })
      },
    }),
    act(`/coordonnees/${zone}`, {
      can: 'coordonnees.request',
      form,
      async run({ db, user, form: voulue, note }) {
        const adherentId = user.adherentId!
        const coordonnees = await coordonneesPourAccueil(db, adherentId)
        const avant = valeurDe(coordonnees, zone)
        refuseUnchanged(zone, avant, attenteDe(coordonnees, zone), voulue)
        const replaced = await replacePending(db, adherentId, zone, user.id)
        const id = await insertOnce(() =>
          insertModification(db, { adherentId, zone, avant, apres: voulue, demandePar: user.id }),
        )
        note({ action: 'coordonnees.demandee', objet: 'modification', objetId: id, detail: { zone } })
        return redirect(
          '/coordonnees',
          `Votre demande est envoyée${replaced > 0 ? ' et remplace la précédente' : ''}. ` +
            'L’ancienne valeur reste affichée jusqu’à la décision.',
        )
      },
    }),
  ]
}

/** Two requests for one zone at the same instant: the second is told so. */
async function insertOnce<T>(insert: () => Promise<T>): Promise<T> {
  try {
    return await insert()
  } catch (error) {
    if (brokenConstraint(error) !== 'modifications_une_en_attente') throw error
    throw new Refusal('Une demande vient d’être envoyée pour cette zone. Rechargez la page pour la voir.')
  }
}
