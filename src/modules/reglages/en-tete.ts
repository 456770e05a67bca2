import { z } from 'zod'
import { Refusal } from '../../kernel/errors.ts'
import { choix, existingDay, texte, texteFacultatif } from '../../kernel/forms.ts'
import { date, telephone } from '../../kernel/formats.ts'
import type { Organisme } from '../../kernel/organisme.ts'
import { type Route, act, page, redirect, stream, view } from '../../kernel/page.ts'
import { makePdf, pdfKind } from '../../kernel/pdf/pool.ts'
import { readLogoForPaper } from '../clotures/queries.ts'
import { mentionsAgrement, regimeAt } from '../clotures/regime.ts'
import type { ApercuData } from './apercu.ts'
import { type ReglesPapiers, note, readPapiers, savePapiers } from './queries.ts'
import { REGLAGES, can, pathOf, trail } from './sections.ts'

const APERCU = pdfKind<ApercuData>(new URL('./apercu.ts', import.meta.url))

const jour = z
  .string()
  .trim()
  .transform((value) => value.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$2-$1'))
  .refine(
    (value) => value === '' || existingDay(value),
    'Cette date n’existe pas. Écrivez-la sous la forme jj/mm/aaaa.',
  )
  .transform((value) => (value === '' ? null : value))

const EnTete = z.strictObject({
  nature_oga: choix('la nature de l’organisme', ['OMGA', 'CGA', 'AGA']),
  forme_juridique: texte('la forme juridique', 200),
  agrement_numero: texteFacultatif('le numéro d’agrément', 30),
  agrement_le: jour,
  ex_oga_depuis: jour,
  attestations_jusqu_a: jour,
  lieu: texte('le lieu', 80),
  signataire: texte('le signataire', 120),
  qualite_signataire: texte('la qualité du signataire', 120),
})

export const DEFAUT: ReglesPapiers = {
  nature_oga: 'OMGA', forme_juridique: '', agrement_numero: '', agrement_le: null, ex_oga_depuis: '2025-02-16',
  attestations_jusqu_a: '2024-12-31', lieu: '', signataire: '', qualite_signataire: '',
} // prettier-ignore

/** What stands at the top and at the foot of every paper. */
export const enTete: Route[] = [
  page(pathOf('en-tete'), {
    can,
    async run({ db }) {
      return view('reglages/en-tete', {
        papiers: (await readPapiers(db)) ?? DEFAUT,
        breadcrumb: trail('en-tete'),
      })
    },
  }),
  page(`${REGLAGES}/en-tete.pdf`, {
    can,
    async run({ db, organisme, today }) {
      const [papiers, logo] = await Promise.all([readPapiers(db), readLogoForPaper(db)])
      const bytes = await apercu(organisme, papiers ?? DEFAUT, logo, today)
      return stream(bytes, 'application/pdf', 'apercu-en-tete.pdf', true)
    },
  }),
  act(pathOf('en-tete'), {
    can,
    form: EnTete,
    async run({ db, form, note: journal }) {
      if ((form.agrement_numero === '') !== (form.agrement_le === null))
        throw new Refusal('Indiquez le numéro de l’agrément et sa date, ou aucun des deux.', 'agrement_le')
      await savePapiers(db, form)
      journal(note('en-tete'))
      return redirect(pathOf('en-tete'), 'L’en-tête est enregistré. Les documents déjà émis gardent le leur.')
    },
  }),
]

/** The letterhead on a page that is about nobody. @throws what pdfkit says of a logo that it cannot draw */
export function apercu(
  organisme: Organisme,
  papiers: ReglesPapiers,
  logo: string | null,
  today: string,
): Promise<Buffer> {
  const rules = { exOgaDepuis: papiers.ex_oga_depuis, attestationsJusquA: papiers.attestations_jusqu_a }
  const agrement =
    papiers.agrement_le === null ? null : { numero: papiers.agrement_numero, du: papiers.agrement_le }
  const emitter = { nature: papiers.nature_oga, agrement }
  return makePdf(APERCU, {
    tete: {
      nom: organisme.nom,
      lignes: [papiers.forme_juridique, ...mentionsAgrement(emitter, regimeAt(today, rules), today, rules)],
      contact: [...organisme.adresse, telephone(organisme.telephone), organisme.courriel, organisme.site],
      logo,
    },
    couleur: organisme.couleur,
    emisLe: today,
    lieu: `Fait à ${papiers.lieu || '…'}, le ${date(today)}`,
    signataire: papiers.signataire,
    qualite: papiers.qualite_signataire,
  })
}
