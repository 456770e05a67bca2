import { Refusal } from '../../kernel/errors.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import type { Jour } from './calendrier.ts'
import { type Track, canMove, isStepBack } from './cloture.ts'
import { isDated, wrongDay } from './effet.ts'
import { PISTES, contexteOf, isByHand } from './emission.ts'
import { Etape } from './forms.ts'
import { gestionCarte } from './gestion-carte.ts'
import { stateLabel, trackLabel } from './libelles.ts'
import { listMouvements, moveTrack } from './mouvements.ts'
import { type Cloture, lockCloture, readAdherent, readCloture, readRegles } from './queries.ts'
import { regimeAt } from './regime.ts'

const can = 'gestion.clotures.manage'

/** The tracks of one exercice, moved by hand one by one, and the history of each. */
export const etapes: Route[] = [
  page('/gestion/clotures/:id/etapes/:piste', {
    can,
    words: { piste: PISTES },
    run: async ({ db, params, today }) => {
      const track = params.piste as Track
      const [cloture, regles, mouvements] = await Promise.all([
        readCloture(db, params.id!),
        readRegles(db),
        listMouvements(db, params.id!, track),
      ])
      const adherent = await readAdherent(db, cloture.adherent_id)
      const carte = gestionCarte(cloture, adherent, regles, today)
      const piste = carte.pistes.find((p) => p.piste === track)!
      return view('clotures/etape', {
        adherent,
        carte,
        piste: {
          ...piste,
          choix: piste.choix.map((c) => ({
            ...c,
            aide: isStepBack(track, piste.etat, c.valeur)
              ? 'Retour en arrière : un motif est demandé.'
              : null,
          })),
        },
        datee: piste.choix.some((c) => isDated(track, c.valeur)),
        arriere: piste.choix.some((c) => isStepBack(track, piste.etat, c.valeur)),
        mouvements: mouvements.map((m) => ({
          ...m,
          avant: stateLabel(track, m.de as never),
          apres: stateLabel(track, m.vers as never),
        })),
        breadcrumb: [
          { libelle: 'Adhérents', url: '/gestion/adherents' },
          { libelle: `N°\u00a0${adherent.numero}`, url: `/gestion/adherents/${adherent.id}` },
          { libelle: 'Clôtures et documents', url: `/gestion/adherents/${adherent.id}/clotures` },
          { libelle: trackLabel(track, regimeAt(today, regles.regime)) },
        ],
      })
    },
  }),
  act('/gestion/clotures/:id/etapes/:piste', {
    can,
    words: { piste: PISTES },
    form: Etape,
    run: async ({ db, params, form, today, note }) => {
      const track = params.piste as Track
      await lockCloture(db, params.id!)
      const [cloture, regles] = await Promise.all([readCloture(db, params.id!), readRegles(db)])
      const adherent = await readAdherent(db, cloture.adherent_id)
      const { de, vers, motif } = form
      const decision = canMove(
        track,
        de as never,
        vers as never,
        contexteOf(cloture, adherent, regles, today),
      )
      if (!decision.ok) throw new Refusal(decision.raison)
      if (!isByHand(track, vers))
        throw new Refusal('Cette étape suit le document\u00a0: émettez-le ou publiez-le.')
      if (isStepBack(track, de, vers) && motif === '')
        throw new Refusal('Vous revenez en arrière\u00a0: indiquez pourquoi.', 'motif')
      const effet = isDated(track, vers) ? effetOf(cloture, track, form.effet, today) : null
      await moveTrack(db, cloture.id, track, [{ de, vers }], motif, effet)
      note({
        action: 'cloture.etape',
        objet: 'cloture',
        adherentId: adherent.id,
        detail: { piste: track, ...form },
      })
      return redirect(`/gestion/adherents/${adherent.id}/clotures`, 'L’étape est enregistrée.')
    },
  }),
]

/** The day of what happened. @throws Refusal when it cannot be */
function effetOf(cloture: Cloture, track: Track, typed: string, today: Jour): Jour {
  const effet = typed === '' ? today : typed
  const why = wrongDay(cloture, track, effet, today)
  if (why !== null) throw new Refusal(why, 'effet')
  return effet
}
