import { z } from 'zod'
import { Refusal } from '../../../kernel/errors.ts'
import { nombre, pluriel } from '../../../kernel/formats.ts'
import { date as jour, plusieurs, texteFacultatif, uuid } from '../../../kernel/forms.ts'
import { queueJob } from '../../../kernel/jobs.ts'
import { type Route, act, page, redirect, view } from '../../../kernel/page.ts'
import { lien } from '../../../kernel/views.ts'
import { isDated, wrongDay } from '../../clotures/effet.ts'
import { stateLabel, trackLabel } from '../../clotures/libelles.ts'
import { listDeplacables, moveTracks } from '../../clotures/mouvements.ts'
import { readRegles } from '../../clotures/queries.ts'
import { regimeAt } from '../../clotures/regime.ts'
import { LISTE, LOTS } from '../paths.ts'
import { questionOf } from '../question.ts'
import { RATTRAPAGE, listIds } from '../queries.ts'
import { campagne } from '../routes.ts'
import { changementOf } from './changement.ts'
import { AU_PLUS, type Verdict, fingerprintOf, goesBack, groupsOf, judge } from './lot.ts'
import { type Lot, closeLot, insertLot, lockLot, ofYear, readLot } from './queries.ts'

const can = 'gestion.clotures.manage'
/** Names shown of a group; the others are counted. */
const MONTRES = 20

const Choix = z.strictObject({
  requete: z.string().max(2000).default(''),
  changement: z.string().max(60).default(''),
  portee: z.enum(['coches', 'tous']).catch('coches'),
  dossier: plusieurs(uuid, 100),
})
const Confirmation = z.strictObject({
  empreinte: z.string().max(60),
  motif: texteFacultatif('le motif', 500),
  effet: z.union([z.literal(''), jour('la date')]).default(''),
})

/** One change for many dossiers: ticked or all those found, read before it is made, made to all of them or to none. */
export const lots: Route[] = [
  act(LOTS, {
    can,
    form: Choix,
    rerender: LISTE,
    journal: false,
    async run({ db, form, today }) {
      const changement = changementOf(form.changement)
      if (!changement) throw new Refusal('Choisissez le changement à faire.', 'changement')
      const asked = questionOf(form.requete)
      const { exercice } = await campagne(db, asked.exercice, today)
      const clotures =
        form.portee === 'tous'
          ? await listIds(db, { ...asked, exercice }, today, AU_PLUS + 1)
          : await ofYear(db, exercice, form.dossier)
      if (clotures.length === 0)
        throw new Refusal('Cochez au moins un dossier, ou choisissez tous les résultats.', 'dossier')
      if (clotures.length > AU_PLUS)
        throw new Refusal(
          `Pas plus de ${nombre(AU_PLUS)} dossiers à la fois\u00a0: filtrez la liste d’abord.`,
        )
      return redirect(`${LOTS}/${await insertLot(db, { exercice, ...changement, clotures })}`)
    },
  }),
  page(`${LOTS}/:id`, {
    can,
    async run({ db, params, today }) {
      const [lot, regles] = await Promise.all([readLot(db, params.id!), readRegles(db)])
      const dossiers = await listDeplacables(db, lot.clotures, false)
      const verdicts = judge(dossiers, lot.piste, lot.vers, regles, today)
      const regime = regimeAt(today, regles.regime)
      const changes = verdicts.filter((v) => v.refus === null)
      const refused = verdicts.filter((v) => v.refus !== null)
      return view('suivi/lot', {
        lot,
        piste: trackLabel(lot.piste, regime),
        vers: stateLabel(lot.piste, lot.vers as never),
        changes: changes.length,
        refuses: refused.length,
        groupes: groupsOf(changes, (v) => v.de).map((g) => ({
          ...shown(g),
          libelle: stateLabel(lot.piste, g.cle as never),
        })),
        groupesRefuses: groupsOf(refused, (v) => v.refus!).map((g) => ({ ...shown(g), libelle: g.cle })),
        empreinte: fingerprintOf(verdicts),
        arriere: goesBack(verdicts, lot.piste, lot.vers),
        datee: isDated(lot.piste, lot.vers),
        retour: lien(LISTE, { exercice: lot.exercice }),
        breadcrumb: [
          { libelle: 'Tableau de suivi', url: lien('/gestion/suivi', { exercice: lot.exercice }) },
          { libelle: 'Dossiers', url: lien(LISTE, { exercice: lot.exercice }) },
          { libelle: 'Changement en nombre' },
        ],
      })
    },
  }),
  act(`${LOTS}/:id`, {
    can,
    form: Confirmation,
    async run({ db, params, form, today, note }) {
      const lot = await lockLot(db, params.id!)
      if (lot.applique_le !== null) throw new Refusal('Ce changement a déjà été fait.')
      const [regles, dossiers] = await Promise.all([readRegles(db), listDeplacables(db, lot.clotures, true)])
      const verdicts = judge(dossiers, lot.piste, lot.vers, regles, today)
      if (fingerprintOf(verdicts) !== form.empreinte)
        throw new Refusal(
          'Des dossiers ont changé depuis cet aperçu. Rien n’a été modifié\u00a0: relisez-le.',
        )
      const moves = verdicts.filter((v) => v.refus === null).map((v) => ({ id: v.dossier.id, de: v.de }))
      if (moves.length === 0) throw new Refusal('Aucun de ces dossiers ne peut faire ce changement.')
      if (goesBack(verdicts, lot.piste, lot.vers) && form.motif === '')
        throw new Refusal('Ce changement revient en arrière\u00a0: indiquez pourquoi.', 'motif')
      const effet = effetOf(lot, form.effet, verdicts, today)
      await moveTracks(db, lot.piste, moves, lot.vers, { motif: form.motif, effet, lotId: lot.id })
      await closeLot(db, lot.id, moves.length, form.motif)
      if (moves.length > RATTRAPAGE) await queueJob(db, 'suivi.recompter', {}, { key: 'suivi.recompter' })
      note({
        action: 'cloture.etapes',
        objet: 'lot',
        objetId: lot.id,
        detail: {
          exercice: lot.exercice,
          piste: lot.piste,
          vers: lot.vers,
          dossiers: moves.length,
          motif: form.motif,
        },
      })
      return redirect(
        lien(LISTE, { exercice: lot.exercice }),
        `${pluriel(moves.length, 'dossier est passé', 'dossiers sont passés')} à «\u00a0${stateLabel(lot.piste, lot.vers as never)}\u00a0».`,
      )
    },
  }),
]

/** The day of what happened, for the states that say one. @throws Refusal */
function effetOf(lot: Lot, typed: string, verdicts: readonly Verdict[], today: string): string | null {
  if (!isDated(lot.piste, lot.vers)) return null
  const effet = typed === '' ? today : typed
  for (const { dossier, refus } of verdicts) {
    const why = refus === null ? wrongDay(dossier, lot.piste, effet, today) : null
    if (why !== null)
      throw new Refusal(`Dossier n° ${dossier.numero}, ${dossier.denomination}. ${why}`, 'effet')
  }
  return effet
}

function shown({ cle, verdicts }: { cle: string; verdicts: Verdict[] }) {
  return {
    cle,
    nombre: verdicts.length,
    dossiers: verdicts.slice(0, MONTRES).map(({ dossier }) => dossier),
    autres: Math.max(0, verdicts.length - MONTRES),
  }
}
