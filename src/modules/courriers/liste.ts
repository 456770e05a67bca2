import { z } from 'zod'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'

export const TRIS = ['numero', 'nom', 'anciens', 'recents', 'type'] as const
export type Tri = (typeof TRIS)[number]

/** The words of the guide (F38), in its order. */
export const LIBELLES_TRI: Record<Tri, string> = {
  numero: 'N° Adhérent',
  nom: 'Nom',
  anciens: 'Les - récents',
  recents: 'Les + récents',
  type: 'Type de courrier',
}

const words = z
  .string()
  .trim()
  .transform((typed) => typed.slice(0, 100))
  .catch('')

/** The address of the list: which courriers, filter, search, sort, place. What does not fit is replaced. */
export const question = z.object({
  /** The two counters (F19): about clients, or to the cabinet itself. */
  pour: z.enum(['', 'adherent', 'cabinet']).catch(''),
  /** « Courriers sans réponse » want none from the reader; « à répondre » do (F39). */
  filtre: z.enum(['', 'sans', 'a-repondre']).catch(''),
  numero: words,
  nom: words,
  tri: z.enum(TRIS).catch('recents'),
  ...keysetQuery(UUID),
})
export type Question = z.output<typeof question>

/** The part of the address that links keep; the default sort is not written. */
export function requeteDe(q: Question): Record<string, string> {
  const { pour, filtre, numero, nom, tri } = q
  return { pour, filtre, numero, nom, tri: tri === 'recents' ? '' : tri }
}
