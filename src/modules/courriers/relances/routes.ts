import { z } from 'zod'
import { Refusal } from '../../../kernel/errors.ts'
import { pluriel } from '../../../kernel/formats.ts'
import { UUID, keysetPage, keysetQuery } from '../../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../../kernel/page.ts'
import { readTravail } from '../../../kernel/travaux/queries.ts'
import { showTravail } from '../../../kernel/travaux/shown.ts'
import { LIBELLES } from '../courrier.ts'
import { VARIABLES_RELANCE } from '../modeles/variables.ts'
import { TRAVAIL, startSending } from './envoi.ts'
import { exportation } from './export.ts'
import { Envoi, Reglages, checkTexts, reglesOf } from './forms.ts'
import {
  countDue, countSent, lastTravail, listDue, listRegles, listSent, readReglages, saveReglages,
} from './queries.ts' // prettier-ignore
import { LIBELLES_RANG, RANGS } from './regles.ts'

const can = 'gestion.relances.manage'
const BASE = '/gestion/relances'
const MONTREES = 200
const PAR_PAGE = 50

export const routes: Route[] = [
  ...exportation,
  page(BASE, {
    can,
    async run({ db, today, now }) {
      const [reglages, counts, already, retenues, last] = await Promise.all([
        readReglages(db),
        countDue(db, today),
        countSent(db, today),
        listDue(db, today, { tropTot: true, limit: MONTREES }),
        lastTravail(db, TRAVAIL),
      ])
      const room = Math.max(0, reglages.plafond_jour - already)
      const of = (tropTot: boolean) => counts.filter((c) => c.trop_tot === tropTot)
      const total = of(false).reduce((sum, c) => sum + c.n, 0)
      const nombre = Math.min(total, room)
      const [dues, travail] = await Promise.all([
        listDue(db, today, { tropTot: false, limit: Math.min(nombre, MONTREES) }),
        last ? readTravail(db, last.id) : undefined,
      ])
      const alive = travail && travail.etat !== 'termine' && travail.etat !== 'annule'
      return view('courriers/relances', {
        reglages,
        already,
        room,
        total,
        nombre,
        rangs: RANGS.map((rang) => ({
          libelle: LIBELLES_RANG[rang],
          n: of(false).find((c) => c.rang === rang)?.n ?? 0,
        })),
        dues: dues.map((d) => ({ ...d, quoi: LIBELLES_RANG[d.rang], type: LIBELLES[d.genre] })),
        retenues: retenues.map((d) => ({ ...d, quoi: LIBELLES_RANG[d.rang] })),
        totalRetenues: of(true).reduce((sum, c) => sum + c.n, 0),
        travail: alive ? showTravail(travail, now) : null,
      })
    },
  }),
  act(`${BASE}/envoi`, {
    can,
    form: Envoi,
    rerender: BASE,
    async run({ db, form, today, note }) {
      const started = await startSending(db, today)
      if (!started)
        throw new Refusal(
          'Rien n’est envoyé : un envoi est déjà en cours, ou il ne reste rien à relancer aujourd’hui.',
        )
      if (started.nombre !== form.nombre)
        throw new Refusal(
          `La liste a changé pendant que vous la lisiez : ${pluriel(started.nombre, 'relance partirait', 'relances partiraient')}. Relisez-la, puis confirmez.`,
        )
      note({
        action: 'relances.envoi',
        objet: 'travail',
        objetId: started.id,
        detail: { nombre: started.nombre },
      })
      return redirect(BASE, `${pluriel(started.nombre, 'relance part', 'relances partent')} maintenant.`)
    },
  }),
  page(`${BASE}/envoyees`, {
    can,
    query: z.object(keysetQuery(UUID)),
    async run({ db, query }) {
      const rows = await listSent(db, query, PAR_PAGE + 1)
      const { lignes, pager } = keysetPage({
        rows, size: PAR_PAGE, asked: query, cursor: (row) => row.id, path: `${BASE}/envoyees`, nom: 'relances',
      }) // prettier-ignore
      return view('courriers/relances-envoyees', {
        relances: lignes.map((r) => ({ ...r, quoi: LIBELLES_RANG[r.rang] })),
        pager,
        breadcrumb: [{ libelle: 'Relances', url: BASE }, { libelle: 'Relances envoyées' }],
      })
    },
  }),
  page(`${BASE}/regles`, {
    can,
    async run({ db, can: may }) {
      const [reglages, regles] = await Promise.all([readReglages(db), listRegles(db)])
      return view('courriers/relances-regles', {
        reglages,
        regles: regles.map((r) => ({ ...r, type: LIBELLES[r.genre] })),
        modifiable: may('gestion.relances.regler'),
        variables: Object.entries(VARIABLES_RELANCE).map(([cle, sens]) => ({ cle: `{{${cle}}}`, sens })),
        breadcrumb: [{ libelle: 'Relances', url: BASE }, { libelle: 'Règles' }],
      })
    },
  }),
  act(`${BASE}/regles`, {
    can: 'gestion.relances.regler',
    form: Reglages,
    async run({ db, user, form, note }) {
      checkTexts(form)
      const reglages = {
        automatique: form.automatique, plafond_jour: form.plafond, ecart_jours: form.ecart,
        texte_relance_1: form.texte1, texte_relance_2: form.texte2, texte_mise_en_demeure: form.texte3,
      } // prettier-ignore
      const regles = reglesOf(form)
      await saveReglages(db, user.id, reglages, regles)
      note({ action: 'relances.regles', objet: 'reglages', detail: { ...reglages, regles } })
      return redirect(`${BASE}/regles`, 'Les règles de relance sont enregistrées.')
    },
  }),
]
