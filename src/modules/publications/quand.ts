import { z } from 'zod'
import { instantInFrance } from '../../kernel/clock.ts'
import { Refusal } from '../../kernel/errors.ts'
import { choix, date } from '../../kernel/forms.ts'

/** Now, or at an hour of France that was chosen; for an emission also « by hand, later ». */
export const quandFields = {
  quand: choix('quand publier', ['maintenant', 'programmee', 'plus_tard']).default('maintenant'),
  jour: z.union([z.literal(''), date('le jour de la publication')]).default(''),
  heure: z
    .string()
    .trim()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d)?$/, 'Écrivez l’heure sous la forme 08:30.')
    .default(''),
}

const YEAR_MS = 366 * 86_400_000

/** The instant of a scheduled publication; null for « now ». @throws Refusal */
export function publicationAt(
  form: { quand: 'maintenant' | 'programmee' | 'plus_tard'; jour: string; heure: string },
  now: Date,
): Date | null {
  if (form.quand !== 'programmee') return null
  if (form.jour === '') throw new Refusal('Indiquez le jour de la publication.', 'jour')
  if (form.heure === '') throw new Refusal('Indiquez l’heure de la publication.', 'heure')
  const at = instantInFrance(form.jour, form.heure)
  if (at.getTime() <= now.getTime()) throw new Refusal('Cette heure est déjà passée.', 'jour')
  if (at.getTime() - now.getTime() > YEAR_MS)
    throw new Refusal('Choisissez une date dans l’année qui vient.', 'jour')
  return at
}
