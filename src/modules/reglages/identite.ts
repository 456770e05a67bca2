import { z } from 'zod'
import { courriel, paragraphe, texte, texteFacultatif } from '../../kernel/forms.ts'
import { type Route, act, page, view } from '../../kernel/page.ts'
import { note, regler, saved } from './queries.ts'
import { can, pathOf, trail } from './sections.ts'

const lignes = (quoi: string) =>
  paragraphe(quoi, 600).transform((text) => text.split('\n').map((ligne) => ligne.trim()).filter(Boolean)) // prettier-ignore

const site = z.union([
  z.literal(''),
  z
    .url({ protocol: /^https?$/, error: 'Indiquez une adresse complète, qui commence par https://.' })
    .max(200, 'Cette adresse est trop longue.'),
])

const Identite = z.strictObject({
  nom: texte('le nom', 120),
  sigle: texte('le nom court', 60),
  forme: texteFacultatif('la ligne sous le nom', 200),
  adresse: lignes('l’adresse'),
  telephone: texteFacultatif('le téléphone', 30),
  courriel,
  site,
  horaires: texteFacultatif('les horaires', 200),
  directeurPublication: texteFacultatif('le directeur de la publication', 120),
  hebergeur: z.preprocess(
    (text) => (typeof text === 'string' ? text.replace(/\r\n?/g, '\n') : text),
    texteFacultatif('l’hébergeur', 600),
  ),
  contactDonnees: z.union([z.literal(''), courriel]),
})

/** Name, address and how to reach the organisme: on every page, mail and paper. */
export const identite: Route[] = [
  page(pathOf('identite'), {
    can,
    run: ({ organisme }) =>
      view('reglages/identite', { reglages: organisme.reglages, breadcrumb: trail('identite') }),
  }),
  act(pathOf('identite'), {
    can,
    form: Identite,
    async run({ db, form, note: journal }) {
      const { directeurPublication, hebergeur, contactDonnees, ...champs } = form
      await regler(db, {
        ...champs,
        reglages: { directeurPublication, hebergeur: hebergeur.split('\n').filter(Boolean), contactDonnees },
      })
      journal(note('identite', { nom: form.nom }))
      return saved(pathOf('identite'), 'L’identité est enregistrée. Elle est déjà sur toutes les pages.')
    },
  }),
]
