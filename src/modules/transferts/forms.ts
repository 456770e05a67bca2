import { z } from 'zod'
import { choix, paragraphe } from '../../kernel/forms.ts'
import { keysetQuery } from '../../kernel/keyset.ts'
import { ACCUSE, GENRE_NAMES } from './transfert.ts'

const message = z.preprocess(
  (value) => (typeof value === 'string' ? value.replace(/\r\n?/g, '\n').trim() : value),
  z.string().normalize('NFC').max(2000, 'Le message ne peut pas dépasser 2 000 caractères.').default(''),
)

export const envoi = z.strictObject({
  genre: choix('le type de document que vous envoyez', GENRE_NAMES),
  message,
})

export const envoiFec = z.strictObject({ message })

export const refus = z.strictObject({ motif: paragraphe('le motif du refus', 1000) })

export const pages = z.object(keysetQuery(ACCUSE))

export const ETATS_FILTRE = ['a_traiter', 'en_analyse', 'pris_en_compte', 'refuse', 'tous'] as const
export type EtatFiltre = (typeof ETATS_FILTRE)[number]

export const recherche = z.object({
  etat: z.enum(ETATS_FILTRE).optional().catch(undefined),
  genre: z.enum(GENRE_NAMES).optional().catch(undefined),
  q: z.string().trim().max(100).catch(''),
  ...keysetQuery(ACCUSE),
})
