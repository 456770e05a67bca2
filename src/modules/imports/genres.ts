import { NotFound } from '../../kernel/errors.ts'
import { adherents } from './adherents.ts'
import { affectations } from './affectations.ts'
import { cabinets } from './cabinets.ts'
import { collaborateurs } from './collaborateurs.ts'
import { declarations } from './declarations.ts'
import { exercices } from './exercices.ts'
import type { Genre } from './genre.ts'

/** In the order in which a new organisme imports them: each needs those before it. */
export const GENRES = [
  'cabinets',
  'adherents',
  'collaborateurs',
  'affectations',
  'exercices',
  'declarations',
] as const
export type NomGenre = (typeof GENRES)[number]

const genres: Record<NomGenre, Genre> = {
  cabinets,
  adherents,
  collaborateurs,
  affectations,
  exercices,
  declarations,
}

/** @throws NotFound */
export function genreDe(nom: string): Genre {
  const genre = genres[nom as NomGenre]
  if (!Object.hasOwn(genres, nom)) throw new NotFound('kind of import')
  return genre
}
