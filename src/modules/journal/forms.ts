import { z } from 'zod'
import { existingDay } from '../../kernel/forms.ts'
import { keysetQuery } from '../../kernel/keyset.ts'

const mots = z.string().trim().max(100).catch('')
const jour = z.string().refine(existingDay).catch('')

/** The filters of the journal, as its address holds them. */
export const question = z.object({
  personne: mots.default(''),
  acte: z
    .string()
    .regex(/^[a-z][\w.-]{0,60}$/)
    .catch('')
    .default(''),
  numero: mots.default(''),
  du: jour.default(''),
  au: jour.default(''),
  q: mots.default(''),
  ...keysetQuery(/^\d{1,18}$/),
})

export type Question = z.output<typeof question>

/** The filters without the place in the list: what links keep. */
export function requeteDe({ personne, acte, numero, du, au, q }: Question) {
  return { personne, acte, numero, du, au, q }
}
