import type { Cote, Genre } from '../courrier.ts'

/** What a courrier expects: words, or a document (or the reason why there is none). */
export const NATURES = ['question', 'piece'] as const
export type Nature = (typeof NATURES)[number]

export interface Demande {
  nature: Nature
  texte: string
}

/** Questions and pieces of one courrier at most. */
export const MAX_DEMANDES = 20

/** Kinds that a model is written for: a relance follows from its courrier, and documents come with theirs. */
export const GENRES_MODELES = [
  'questions_eccv',
  'demande_pieces',
  'demande_eps',
  'information',
  'appel_cotisation',
  'convocation_ag',
  'formation',
] as const satisfies readonly Genre[]
export type GenreModele = (typeof GENRES_MODELES)[number]

/** Kinds that want an answer: a day to answer by, and something to answer. */
export const QUI_DEMANDENT: ReadonlySet<string> = new Set(['questions_eccv', 'demande_pieces', 'demande_eps'])

export interface Contenu {
  nom: string
  genre: GenreModele
  destinataire: Cote
  objet: string
  corps: string
  delai_jours: number | null
  questions: Demande[]
}

export interface Modele extends Contenu {
  id: string
  cle: string | null
  version: number
  modifie_le: string
  modifie_nom: string
  retire_le: string | null
}

export function textsOf(m: Pick<Contenu, 'objet' | 'corps' | 'questions'>): string[] {
  return [m.objet, m.corps, ...m.questions.map((q) => q.texte)]
}
