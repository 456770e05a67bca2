import { brokenConstraint } from '../../kernel/db.ts'
import { Refusal } from '../../kernel/errors.ts'
import { type Route, type Utilisateur, act, page, redirect, view } from '../../kernel/page.ts'
import type { Action } from '../../kernel/policy.ts'
import { attenteDe, etatDe, refuseClosed, refuseUnchanged, valeurDe } from './modification.ts'
import {
  type Modification, type Sujet, closeModification, insertModification, lockModification, readCoordonnees,
  replacePending,
} from './queries.ts' // prettier-ignore
import { type Zone, lisible, zones } from './zones.ts'

/** Where somebody asks for changes of a fiche: his own, or that of his firm. */
export interface Espace {
  base: '/coordonnees' | '/cabinet'
  titre: string
  accueil: string
  can: Action
  zones: readonly Zone[]
  sujet(user: Utilisateur): Sujet
}

/** The form of each zone and its request, and the withdrawal of a request. */
export function demandes(espace: Espace): Route[] {
  const { base, can } = espace
  return [
    ...espace.zones.flatMap((zone) => zoneRoutes(espace, zone)),
    act(`${base}/demandes/:id/retrait`, {
      can,
      rerender: base,
      async run({ db, user, params, note }) {
        const m = await lockModification(db, params.id!)
        refuseClosed(m, null)
        await closeModification(db, m.id, { issue: 'retiree', by: user.id })
        note({
          action: 'coordonnees.retiree',
          objet: 'modification',
          objetId: m.id,
          detail: { zone: m.zone },
        })
        return redirect(base, 'Votre demande est retirée\u00a0: la valeur de votre fiche ne change pas.')
      },
    }),
  ]
}

/** Each zone has its own fields, so each has its own route. */
function zoneRoutes(espace: Espace, zone: Zone): Route[] {
  const { base, can, sujet } = espace
  const { libelle, votre, form, champs } = zones[zone]
  return [
    page(`${base}/${zone}`, {
      can,
      async run({ db, user }) {
        const coordonnees = await readCoordonnees(db, sujet(user))
        const actuelle = valeurDe(coordonnees, zone)
        const attente = attenteDe(coordonnees, zone)
        return view('coordonnees/zone', {
          base,
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
            { libelle: espace.accueil, url: '/' },
            { libelle: espace.titre, url: base },
            { libelle },
          ],
        })
      },
    }),
    act(`${base}/${zone}`, {
      can,
      form,
      async run({ db, user, form: voulue, note }) {
        const about = sujet(user)
        const coordonnees = await readCoordonnees(db, about)
        const avant = valeurDe(coordonnees, zone)
        refuseUnchanged(zone, avant, attenteDe(coordonnees, zone), voulue)
        const replaced = await replacePending(db, about, zone, user.id)
        const id = await insertOnce(() =>
          insertModification(db, { sujet: about, zone, avant, apres: voulue, demandePar: user.id }),
        )
        note({ action: 'coordonnees.demandee', objet: 'modification', objetId: id, detail: { zone } })
        return redirect(
          base,
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
    if (!brokenConstraint(error)?.startsWith('modifications_une_en_attente')) throw error
    throw new Refusal('Une demande vient d’être envoyée pour cette zone. Rechargez la page pour la voir.')
  }
}

/** A request as its author follows it. */
export function suivi(m: Modification) {
  return {
    id: m.id,
    libelle: zones[m.zone].libelle,
    lignes: lisible(m.zone, m.apres),
    demandeLe: m.demande_le,
    closeLe: m.close_le,
    etat: etatDe(m.issue),
    motif: m.motif,
  }
}
