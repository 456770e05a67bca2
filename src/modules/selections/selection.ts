import { z } from 'zod'
import { UUID } from '../../kernel/keyset.ts'

/*
 * Which adhérents something is for: the same fields in an address, in a form and in the row of a campaign. What a browser
 * sends that does not fit counts as not asked: a wider selection is seen in its count before anything is done.
 */

/** The tracks of a clôture that a selection may ask about. */
export const PISTES = ['reception', 'attestation', 'eccv', 'eps', 'crm', 'dossier_gestion'] as const
export type Piste = (typeof PISTES)[number]

const mot = z
  .string()
  .transform((typed) =>
    typed
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 100),
  ) // prettier-ignore
  .catch('')
  .default('')
const etat = z.string().regex(/^[a-z_0-9]{0,30}$/).catch('').default('') // prettier-ignore
/** Numbers and names, one a line or between commas. */
const liste = z
  .string()
  .transform((typed) => typed.slice(0, 60_000))
  .catch('')
  .default('')

/** For `z.object({ …, ...selectionFields })`, in a query as in a form. */
export const selectionFields = {
  profession: mot,
  /** A structure; `aucun` for those without one. */
  cabinet: z.union([z.literal(['', 'aucun']), z.string().regex(UUID)]).catch('').default(''), // prettier-ignore
  /** Year in which the exercice ends. */
  exercice: z.string().regex(/^(20\d\d)?$/).catch('').default(''), // prettier-ignore
  regime: mot,
  categorie: z.enum(['', 'BNC', 'BIC', 'BA', 'IS']).catch('').default(''), // prettier-ignore
  reception: etat,
  attestation: etat,
  eccv: etat,
  eps: etat,
  crm: etat,
  dossier_gestion: etat,
  numeros: liste,
  /** Those who have left are left out unless they are asked for. */
  partis: z.preprocess(
    (v) => (v === true || (typeof v === 'string' && v !== '') ? 'oui' : ''),
    z.enum(['', 'oui']),
  ),
}

export const Selection = z.object(selectionFields)
export type Selection = z.output<typeof Selection>

/** The fields of a selection out of a larger form or row. */
export function selectionOf(from: Record<string, unknown>): Selection {
  return Selection.parse(from)
}

/** Only what was asked: for links (`lien`) and for the row that remembers it. */
export function asked(s: Selection): Partial<Selection> {
  return Object.fromEntries(Object.entries(s).filter(([, value]) => value !== ''))
}

/** What was typed into the list, without doubles; at most 10,000. */
export function typedIn(s: Selection): string[] {
  const parts = s.numeros.split(/[\n\r,;\t]+/).map((part) => part.replace(/^n°\s*/i, '').trim()) // prettier-ignore
  return [...new Set(parts.filter((part) => part !== ''))].slice(0, 10_000)
}
