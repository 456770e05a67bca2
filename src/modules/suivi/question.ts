import { z } from 'zod'
import { UUID, keysetQuery } from '../../kernel/keyset.ts'
import { CATEGORIES } from '../adherents/liste.ts'
import { ATTENTES, ETAPES, LIMITES, PAPIERS, SITUATIONS } from './situation.ts'

const words = z
  .string()
  .transform((typed) =>
    typed
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 100),
  )
  .catch('')

export const TRIS = ['numero', 'nom', 'echeance'] as const
export type Tri = (typeof TRIS)[number]
/** Of a list of dossiers: any legal limit passed, one of them, an answer, or a limit within thirty days. */
export const RETARDS = ['oui', ...LIMITES, 'reponse', 'bientot'] as const
export const NON_LUS = ['oui', 'documents', 'courriers'] as const

const filters = {
  exercice: z.coerce.number().int().min(2000).max(2100).optional().catch(undefined),
  /** A structure, `aucun` for the adhérents without one. */
  cabinet: z.union([z.literal(['', 'aucun']), z.string().regex(UUID)]).catch(''),
  etape: z.enum(['', ...ETAPES]).catch(''),
  situation: z.enum(['', ...SITUATIONS]).catch(''),
  attente: z.enum(['', ...ATTENTES]).catch(''),
  retard: z.enum(['', ...RETARDS]).catch(''),
  /** A day on which a limit falls, and which one: what a line of the calendar counts. */
  limite: z.enum(['', ...LIMITES]).catch(''),
  jour: z.union([z.literal(''), z.iso.date()]).catch(''),
  nonlu: z.enum(['', ...NON_LUS]).catch(''),
  fait: z.enum(['', ...PAPIERS]).catch(''),
  reste: z.enum(['', ...PAPIERS]).catch(''),
  profession: words,
  categorie: z.enum(['', ...CATEGORIES]).catch(''),
  regime: words,
  numero: words,
  nom: words,
}

/** The address of the list of dossiers; what does not fit is replaced, never refused. */
export const question = z.object({
  ...filters,
  tri: z.enum(TRIS).catch('numero'),
  sens: z.enum(['asc', 'desc']).catch('asc'),
  ...keysetQuery(UUID),
})
export type Question = z.output<typeof question>

export const TRIS_CABINETS = ['cabinet', 'dossiers', 'retard', 'nonlu'] as const
export type TriCabinets = (typeof TRIS_CABINETS)[number]

/** The address of the board. */
export const tableau = z.object({
  exercice: filters.exercice,
  cabinet: filters.cabinet,
  tri: z.enum(TRIS_CABINETS).catch('retard'),
  sens: z.enum(['asc', 'desc']).catch('desc'),
  ...keysetQuery(/^(aucun|[0-9a-f-]{36})$/),
})
export type QuestionTableau = z.output<typeof tableau>

const NAMES = Object.keys(filters) as (keyof typeof filters)[]

/** The filters of a list, without its sort nor its place: what a link, a saved filter and a bulk change keep. */
export function filtresDe(q: Question): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of NAMES) {
    const value = String(q[name] ?? '')
    if (value !== '') kept[name] = value
  }
  return kept
}

export function requeteDe(q: Question): Record<string, string> {
  return { ...filtresDe(q), tri: q.tri, sens: q.sens }
}

/** Whether something beside the exercice is filtered. */
export function isFiltered(q: Question): boolean {
  return Object.keys(filtresDe(q)).some((name) => name !== 'exercice')
}

/** A saved address read again: unknown or outgrown words fall out. */
export function questionOf(requete: string): Question {
  return question.parse(Object.fromEntries(new URLSearchParams(requete)))
}
