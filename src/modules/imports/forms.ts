import { z } from 'zod'
import { choix, coche, date } from '../../kernel/forms.ts'
import { keysetQuery } from '../../kernel/keyset.ts'
import { LIMITS } from '../../kernel/tableur/read.ts'
import { GENRES } from './genres.ts'

export const depot = z.strictObject({ genre: choix('ce que contient le fichier', GENRES) })

/** One choice for each column of the file: the name of a field, or nothing. */
export const colonnes = z.strictObject({
  vides_effacent: coche,
  ...Object.fromEntries(
    Array.from({ length: LIMITS.columns }, (_, at) => [`col_${at}`, z.string().max(40).default('')]),
  ),
})

export const confirmation = z.strictObject({
  absents: z.enum(['garder', 'retirer']).default('garder'),
  absents_le: z.union([z.literal(''), date('la date de départ')]).default(''),
})

export const ETATS_LIGNE = ['nouveau', 'modifie', 'inchange', 'absent', 'refuse'] as const

export const onglet = z.object({
  lignes: z.enum(['', ...ETATS_LIGNE]).catch(''),
  ...keysetQuery(/^\d{1,9}$/),
})
