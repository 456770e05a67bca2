import { z } from 'zod'
import { coche, date, texte, texteFacultatif } from '../../kernel/forms.ts'

export const Emission = z.strictObject({ publier: coche })
export const Depot = z.strictObject({ publier: coche, titre: texteFacultatif('le titre', 120) })
export const Etape = z.strictObject({
  de: texte('l’état actuel', 40),
  vers: texte('le nouvel état', 40),
  motif: texteFacultatif('le motif', 500),
  /** The day of what happened; empty is today. */
  effet: z.union([z.literal(''), date('la date')]).default(''),
})
