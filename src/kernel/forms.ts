import { z } from 'zod'

/** What a page shows beside a form that was refused. */
export interface FormErrors {
  resume: string | null
  champs: { champ: string; message: string }[]
}

export function toFormErrors(error: z.ZodError): FormErrors {
  const seen = new Set<string>()
  const champs: FormErrors['champs'] = []
  for (const issue of error.issues) {
    const champ = issue.code === 'unrecognized_keys' ? issue.keys[0]! : issue.path.join('.')
    if (seen.has(champ)) continue
    seen.add(champ)
    champs.push({ champ, message: frenchMessage(issue) })
  }
  return { resume: null, champs }
}

/** Schemas give their own sentences; this covers what only a tampered form can send. */
function frenchMessage(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'Ce champ n’est pas attendu ici.'
  if (issue.code === 'invalid_type' && /^Invalid input/.test(issue.message)) return 'Renseignez ce champ.'
  return issue.message
}

/** Controls that no keyboard types and that Postgres (NUL) or a reader chokes on; line ends and tabs stay. */
function sansControles(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => (/[\t\n\r]/.test(char) ? char : ''))
}

/** One line of text, trimmed. @param quoi the thing asked, with its article: « le nom ». */
export function texte(quoi: string, max = 200): z.ZodType<string> {
  return z
    .string({ error: `Indiquez ${quoi}.` })
    .overwrite(sansControles)
    .trim()
    .normalize('NFC')
    .min(1, `Indiquez ${quoi}.`)
    .max(max, `${majuscule(quoi)} ne peut pas dépasser ${max} caractères.`)
}

/** The same, which may stay empty. */
export function texteFacultatif(quoi: string, max = 200): z.ZodType<string> {
  return z
    .string()
    .overwrite(sansControles)
    .trim()
    .normalize('NFC')
    .max(max, `${majuscule(quoi)} ne peut pas dépasser ${max} caractères.`)
    .default('')
}

/** Several lines; line ends are made one kind. */
export function paragraphe(quoi: string, max = 5000): z.ZodType<string> {
  return z.preprocess(
    (value) => (typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : value),
    texte(quoi, max),
  )
}

/** One strict e-mail address: no list, no line break, no display name. */
export const courriel: z.ZodType<string> = z
  .string({ error: 'Indiquez une adresse électronique.' })
  .trim()
  .max(254, 'Cette adresse électronique est trop longue.')
  .regex(
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
    'Indiquez une adresse électronique complète, par exemple nom@exemple.fr.',
  )

/** A calendar date of a date field, AAAA-MM-JJ, that exists. */
export function date(quoi: string): z.ZodType<string> {
  return z
    .string({ error: `Indiquez ${quoi}.` })
    .trim()
    .min(1, `Indiquez ${quoi}.`)
    .transform((value) => value.replace(/^(\d{2})\/(\d{2})\/(\d{4})$/, '$3-$2-$1'))
    .refine(existingDay, 'Cette date n’existe pas. Écrivez-la sous la forme jj/mm/aaaa.')
}

export function existingDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}

/** One of the values of a list of choices. */
export function choix<const T extends readonly [string, ...string[]]>(
  quoi: string,
  values: T,
): z.ZodType<T[number]> {
  return z.enum(values, { error: `Choisissez ${quoi}.` })
}

/** A checkbox alone: present or not. */
export const coche: z.ZodType<boolean> = z.preprocess(
  (value) => value !== undefined && value !== '',
  z.boolean(),
)

/** Several checkboxes of one name: browsers send one value as text, several as a list, none as nothing. */
export function plusieurs<T>(one: z.ZodType<T>, max = 1000): z.ZodType<T[]> {
  return z.preprocess(
    (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(one).max(max),
  )
}

export const uuid = z.uuid('Ce choix n’existe pas.')

function majuscule(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The password that a signed-in person is asked again before what a thief of the session must not do. */
export const motDePasseActuel: z.ZodType<string> = z
  .string({ error: 'Indiquez votre mot de passe.' })
  .min(1, 'Indiquez votre mot de passe.')
  .max(1000)
