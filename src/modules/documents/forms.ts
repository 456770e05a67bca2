import { z } from 'zod'
import { date, paragraphe } from '../../kernel/forms.ts'

export const Retrait = z.strictObject({ motif: paragraphe('le motif du retrait', 1000) })
export const Programmation = z.strictObject({
  jour: date('le jour de la publication'),
  heure: z
    .string({ error: 'Indiquez l’heure de la publication.' })
    .trim()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Écrivez l’heure sous la forme 08:30.'),
})
export const Publication = z.strictObject({})
