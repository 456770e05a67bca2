import { z } from 'zod'
import { Refusal } from '../../kernel/errors.ts'
import { coche, texte } from '../../kernel/forms.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import { lien } from '../../kernel/views.ts'
import { readRegles } from '../clotures/queries.ts'
import { countMine, deleteFiltre, listFiltres, readMine, saveFiltre, shareFiltre } from './filtres-queries.ts'
import { FILTRES, LISTE } from './paths.ts'
import { motsDe } from './presentation.ts'
import { filtresDe, questionOf } from './question.ts'
import { resumeDe } from './resume.ts'

const can = 'gestion.suivi.read'
/** So many names are still found at a glance. */
const AU_PLUS = 30

const Enregistrement = z.strictObject({
  nom: texte('un nom pour ce filtre', 60),
  requete: z.string().max(2000),
  partage: coche,
})
const Partage = z.strictObject({ partage: coche })

/** Filters of the list of dossiers kept under a name, by each person; shared, colleagues see them too. */
export const filtres: Route[] = [
  page(FILTRES, {
    can,
    query: z.object({ requete: z.string().max(2000).catch('') }),
    async run({ db, organisme, today, query }) {
      const [list, regles] = await Promise.all([listFiltres(db), readRegles(db)])
      const mots = motsDe(organisme, regles, today)
      const asked = filtresDe(questionOf(query.requete))
      return view('suivi/filtres', {
        filtres: list.map((filtre) => ({
          ...filtre,
          url: lien(LISTE, Object.fromEntries(new URLSearchParams(filtre.requete))),
          resume: resumeDe(questionOf(filtre.requete), mots),
        })),
        nouveau:
          query.requete === ''
            ? null
            : {
                requete: new URLSearchParams(asked).toString(),
                resume: resumeDe(questionOf(query.requete), mots),
              },
      })
    },
  }),
  act(FILTRES, {
    can,
    form: Enregistrement,
    async run({ db, form, note }) {
      const kept = filtresDe(questionOf(form.requete))
      const mine = await listFiltres(db)
      const known = mine.some((filtre) => filtre.mien && filtre.nom === form.nom)
      if (!known && (await countMine(db)) >= AU_PLUS)
        throw new Refusal(`Vous avez déjà ${AU_PLUS} filtres\u00a0: supprimez-en un d’abord.`, 'nom')
      const requete = new URLSearchParams(kept).toString()
      await saveFiltre(db, form.nom, requete, form.partage)
      note({ action: 'suivi.filtre', objet: 'filtre', detail: { nom: form.nom, partage: form.partage } })
      return redirect(lien(LISTE, kept), `Le filtre «\u00a0${form.nom}\u00a0» est enregistré.`)
    },
  }),
  act(`${FILTRES}/:id/partage`, {
    can,
    form: Partage,
    rerender: FILTRES,
    async run({ db, params, form, note }) {
      const filtre = await readMine(db, params.id!)
      await shareFiltre(db, filtre.id, form.partage)
      note({ action: 'suivi.filtre', objet: 'filtre', detail: { nom: filtre.nom, partage: form.partage } })
      return redirect(
        FILTRES,
        form.partage
          ? `Vos collègues voient maintenant le filtre «\u00a0${filtre.nom}\u00a0».`
          : `Le filtre «\u00a0${filtre.nom}\u00a0» n’est plus qu’à vous.`,
      )
    },
  }),
  act(`${FILTRES}/:id/suppression`, {
    can,
    async run({ db, params, note }) {
      const filtre = await readMine(db, params.id!)
      await deleteFiltre(db, filtre.id)
      note({ action: 'suivi.filtre-supprime', objet: 'filtre', detail: { nom: filtre.nom } })
      return redirect(FILTRES, `Le filtre «\u00a0${filtre.nom}\u00a0» est supprimé.`)
    },
  }),
]
