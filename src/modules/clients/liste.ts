import { z } from 'zod'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'

/** The sorts of the guide, the first is the default (F27). */
export const TRIS = ['numero', 'nom', 'ville', 'profession'] as const
export type Tri = (typeof TRIS)[number]

export const LIBELLES_TRI: Record<Tri, string> = {
  numero: 'N° adhérent',
  nom: 'Nom',
  ville: 'Ville',
  profession: 'Profession',
}

/** Searches find no more than that many; then the page asks for more letters. */
export const PLAFOND_RECHERCHE = 1000

const words = z
  .string()
  // Postgres keeps no NUL, and no name holds a control character.
  .transform((typed) =>
    typed
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 100),
  )
  .catch('')

/** The address of the list: search, sort, place. What does not fit is replaced, never refused. */
export const question = z.object({
  numero: words,
  nom: words,
  /** Those who have left the organisme, who are not in the list of the active ones. */
  etat: z.enum(['', 'anciens']).catch(''),
  tri: z.enum(TRIS).catch('numero'),
  ...keysetQuery(UUID),
})
export type Question = z.output<typeof question>

/** The part of the address that links keep; the default sort is not written. */
export function requeteDe({ numero, nom, etat, tri }: Question): Record<string, string> {
  return { numero, nom, etat, tri: tri === 'numero' ? '' : tri }
}
