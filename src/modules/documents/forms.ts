import { z } from 'zod'
import { paragraphe } from '../../kernel/forms.ts'

export const Retrait = z.strictObject({ motif: paragraphe('le motif du retrait', 1000) })
export const Publication = z.strictObject({})
