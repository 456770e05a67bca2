import { z } from 'zod'
import { coche, paragraphe } from '../../../kernel/forms.ts'
import { VARIABLES_RELANCE, checkVariables } from '../modeles/variables.ts'
import { GENRES_RELANCES, type Regle } from './regles.ts'

const entier = (phrase: string, max: number) =>
  z.string({ error: phrase }).trim().regex(/^\d{1,4}$/, phrase).transform(Number).refine((n) => n >= 1 && n <= max, phrase) // prettier-ignore

const JOURS = 'Indiquez un nombre de jours, de 1 à 365, ou rien.'
const jours = z.union([z.literal('').transform(() => null), entier(JOURS, 365)], { error: JOURS })

const champs = Object.fromEntries(
  GENRES_RELANCES.flatMap((genre) => [
    [`${genre}_1`, jours],
    [`${genre}_2`, jours],
    [`${genre}_3`, jours],
    [`${genre}_delai`, entier('Indiquez un nombre de jours, de 1 à 365.', 365)],
  ]),
) as Record<string, z.ZodType<number | null>>

export const Reglages = z.strictObject({
  automatique: coche,
  plafond: entier('Indiquez un nombre de relances par jour, de 1 à 5 000.', 5000),
  ecart: entier('Indiquez un nombre de jours, de 1 à 90.', 90),
  texte1: paragraphe('le texte de la première relance', 5000),
  texte2: paragraphe('le texte de la deuxième relance', 5000),
  texte3: paragraphe('le texte de la mise en demeure', 5000),
  ...champs,
})
export type Reglages = z.output<typeof Reglages>

/** @throws Refusal for a variable that does not exist */
export function checkTexts(form: Reglages): void {
  for (const name of ['texte1', 'texte2', 'texte3'] as const)
    checkVariables(form[name], VARIABLES_RELANCE, name)
}

export function reglesOf(form: Reglages): Regle[] {
  const typed = form as unknown as Record<string, number | null>
  return GENRES_RELANCES.map((genre) => ({
    genre,
    relance_1_jours: typed[`${genre}_1`] ?? null,
    relance_2_jours: typed[`${genre}_2`] ?? null,
    mise_en_demeure_jours: typed[`${genre}_3`] ?? null,
    delai_jours: typed[`${genre}_delai`]!,
  }))
}

/** Whose number is shown on the button: what was seen is what is sent. */
export const Envoi = z.strictObject({ nombre: z.coerce.number().int().min(0).max(5000) })
