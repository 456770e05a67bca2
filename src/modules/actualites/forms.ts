import { z } from 'zod'
import { choix, date, paragraphe, texte, texteFacultatif } from '../../kernel/forms.ts'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'
import { champsAudience } from '../audience/audience.ts'
import { CATEGORIES, type Categorie, type Etat } from './actualite.ts'

const categories = Object.keys(CATEGORIES) as [Categorie, ...Categorie[]]
const ETATS = ['brouillon', 'programmee', 'publiee', 'expiree', 'retiree'] as const satisfies Etat[]

/** A day that may stay empty. */
const jourFacultatif = (quoi: string) =>
  z.preprocess((value) => (value === '' ? null : value), date(quoi).nullable())

const champs = {
  titre: texte('le titre', 200),
  chapo: texteFacultatif('le chapeau', 500),
  categorie: choix('la catégorie', categories),
  corps: paragraphe('le texte', 20_000),
  ...champsAudience,
  /** One a line: `findCabinets` makes them ids. */
  pour_cabinets: texteFacultatif('la liste', 20_000),
  visible_du: date('le premier jour'),
  visible_au: jourFacultatif('le dernier jour'),
  epinglee_jusqu_au: jourFacultatif('la fin de la mise à la une'),
  suite: z.enum(['brouillon', 'publier']),
}

const inOrder = (form: { visible_du: string; visible_au: string | null }) =>
  form.visible_au === null || form.visible_au >= form.visible_du
const ORDER = { error: 'Le dernier jour vient avant le premier.', path: ['visible_au'] }

export const nouvelle = z.strictObject(champs).refine(inOrder, ORDER)
export const modification = z
  .strictObject({ ...champs, revision: z.coerce.number().int().min(1) })
  .refine(inOrder, ORDER)

const free = z.string().max(30_000).catch('')
const several = z.union([z.string().transform((one) => [one]), z.array(z.string()).max(300)]).catch([])
/** A preview writes nothing: it takes what is there, finished or not. */
export const apercu = z.object({
  id: z.uuid().optional().catch(undefined),
  revision: free,
  titre: free,
  chapo: free,
  categorie: free,
  corps: free,
  pour_roles: several,
  pour_professions: several,
  pour_cabinets: free,
  visible_du: free,
  visible_au: free,
  epinglee_jusqu_au: free,
})

export const recherche = z.object({
  q: z.string().trim().max(100).catch(''),
  etat: z.enum(ETATS).optional().catch(undefined),
  categorie: z.enum(categories).optional().catch(undefined),
  ...keysetQuery(UUID),
})
