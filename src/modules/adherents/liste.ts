import { z } from 'zod'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'

export const CATEGORIES = ['BNC', 'BIC', 'BA', 'IS'] as const
export type Categorie = (typeof CATEGORIES)[number]

export const TRIS = ['numero', 'nom', 'ville'] as const
export type Tri = (typeof TRIS)[number]

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

/** The address of the list: search, filters, sort, place. What does not fit is replaced, never refused. */
export const question = z.object({
  numero: words,
  nom: words,
  categorie: z.enum(['', ...CATEGORIES]).catch(''),
  /** A structure, `aucun` for the adhérents without one. */
  cabinet: z.union([z.literal(['', 'aucun']), z.string().regex(UUID)]).catch(''),
  compte: z.enum(['', 'sans']).catch(''),
  tri: z.enum(TRIS).catch('nom'),
  sens: z.enum(['asc', 'desc']).catch('asc'),
  ...keysetQuery(UUID),
})
export type Question = z.output<typeof question>

/** The part of the address that links keep. */
export function requeteDe(q: Question): Record<string, string> {
  const { numero, nom, categorie, cabinet, compte, tri, sens } = q
  return { numero, nom, categorie, cabinet, compte, tri, sens }
}

export function isFiltered(q: Question): boolean {
  return [q.numero, q.nom, q.categorie, q.cabinet, q.compte].some((value) => value !== '')
}

/** Where the range of the numbers that begin with `prefix` ends, in the order of bytes. */
export function apresPrefixe(prefix: string): string {
  return `${prefix}\u{10ffff}`
}

export type EtatCompte = 'aucun' | 'invite' | 'actif' | 'bloque'

/** The account of an adhérent: none, waiting for its owner, in use, or blocked. */
export function etatCompte(
  compte: { active_le: string | null; bloque_le: string | null } | null,
): EtatCompte {
  if (compte === null) return 'aucun'
  if (compte.bloque_le !== null) return 'bloque'
  return compte.active_le === null ? 'invite' : 'actif'
}

export const COMPTES: Record<EtatCompte, { libelle: string; genre: string }> = {
  aucun: { libelle: 'Sans compte', genre: 'neutre' },
  invite: { libelle: 'Invité', genre: 'attente' },
  actif: { libelle: 'Actif', genre: 'succes' },
  bloque: { libelle: 'Bloqué', genre: 'erreur' },
}
