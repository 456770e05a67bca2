import { z } from 'zod'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'

export const TRIS = ['numero', 'nom'] as const
export type Tri = (typeof TRIS)[number]

/** Searches find no more than that many; then the page asks for more letters. */
export const PLAFOND_RECHERCHE = 1000

const words = z
  .string()
  .transform((typed) =>
    typed
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 100),
  )
  .catch('')

/** The address of the list of dossiers: whose, search, sort, place. What does not fit is replaced, never refused. */
export const question = z.object({
  /** '' for the dossiers that nobody has; `affectes` for the others. */
  etat: z.enum(['', 'affectes']).catch(''),
  numero: words,
  nom: words,
  tri: z.enum(TRIS).catch('numero'),
  ...keysetQuery(UUID),
})
export type Question = z.output<typeof question>

/** Of which dossiers a list is made: those of nobody, those of somebody, those of one person. */
export type Portee = { de: 'personne' } | { de: 'quelquun' } | { de: 'lui'; id: string }

export interface Recherche {
  portee: Portee
  numero: string
  nom: string
  tri: Tri
  apres?: string | undefined
  avant?: string | undefined
}
