import { z } from 'zod'
import { plusieurs, uuid } from '../../kernel/forms.ts'

/** Somebody of the firm. */
const quelquun = z
  .string({ error: 'Choisissez un collaborateur.' })
  .min(1, 'Choisissez un collaborateur.')
  .pipe(uuid)

/** Ticked dossiers, all given to one person. */
export const Lot = z.strictObject({ dossier: plusieurs(uuid, 200), collaborateur: quelquun })

/** One dossier: from whom the page showed it to have it, to whom it goes; `personne` takes it away. */
export const Changement = z.strictObject({
  de: z.union([z.literal(''), uuid]),
  collaborateur: z.union([z.literal('personne'), quelquun]),
})
