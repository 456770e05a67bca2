import { z } from 'zod'
import { choix } from '../../kernel/forms.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { change } from './acts.ts'
import { OPTIONS, type Option, isOn } from './options.ts'
import { measure, readOptions } from './queries.ts'

const ACCUEIL = '/supervision'
const Valeur = z.strictObject({ valeur: choix('Oui ou Non', ['oui', 'non']) })

/** Supervision: the options of the firm (F68, F72), each changed on a page that says before what happens. */
export const routes: Route[] = [
  page(ACCUEIL, {
    can: 'supervision.manage',
    async run({ db, can }) {
      const [etat, portee] = await Promise.all([readOptions(db), measure(db)])
      const options = (Object.keys(OPTIONS) as Option[]).map((cle) => ({
        ...OPTIONS[cle],
        cle,
        active: isOn(etat, cle),
        depuis: etat[OPTIONS[cle].colonne],
        modifiable: cle !== 'comptes' || can('supervision.comptes'),
      }))
      return view('supervision/accueil', {
        options,
        portee,
        numero: etat.numero,
        validation: isOn(etat, 'reponses'),
      })
    },
  }),
  ...pagesOf('reponses', 'supervision.manage'),
  ...pagesOf('comptes', 'supervision.comptes'),
  ...pagesOf('portefeuille', 'supervision.manage'),
]

/** The page of an option shows the other value, and posting it is the act. */
function pagesOf(option: Option, can: 'supervision.manage' | 'supervision.comptes'): Route[] {
  const path = `${ACCUEIL}/${option}`
  return [
    page(path, {
      can,
      async run({ db }) {
        const [etat, portee] = await Promise.all([readOptions(db), measure(db)])
        return view(`supervision/${option}`, {
          ...OPTIONS[option],
          path,
          active: isOn(etat, option),
          depuis: etat[OPTIONS[option].colonne],
          portee,
          numero: etat.numero,
          breadcrumb: [{ libelle: 'Supervision', url: ACCUEIL }, { libelle: OPTIONS[option].titre }],
        })
      },
    }),
    act(path, {
      can,
      form: Valeur,
      async run({ db, form, user, note }) {
        const on = form.valeur === 'oui'
        const notice = await change(db, option, on)
        note({
          action: `supervision.${option}.${on ? 'oui' : 'non'}`,
          objet: 'structure',
          objetId: user.structureId,
        })
        return redirect(ACCUEIL, notice)
      },
    }),
  ]
}
