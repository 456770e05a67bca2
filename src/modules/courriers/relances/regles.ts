import { date } from '../../../kernel/formats.ts'
import type { Genre } from '../courrier.ts'
import type { Demande } from '../modeles/modele.ts'
import { fill } from '../modeles/variables.ts'

/** The three steps: two relances, then a mise en demeure. */
export type Rang = 1 | 2 | 3
export const RANGS: readonly Rang[] = [1, 2, 3]

export const LIBELLES_RANG: Record<Rang, string> = {
  1: 'Relance 1',
  2: 'Relance 2',
  3: 'Mise en demeure',
}

/** Kinds of courrier that are reminded. */
export const GENRES_RELANCES = ['questions_eccv', 'demande_pieces', 'demande_eps'] as const
export type GenreRelance = (typeof GENRES_RELANCES)[number]

/** Days after the day by which the answer was last asked; null: the step is not taken. */
export interface Regle {
  genre: GenreRelance
  relance_1_jours: number | null
  relance_2_jours: number | null
  mise_en_demeure_jours: number | null
  /** Days that each relance gives to answer. */
  delai_jours: number
}

export interface Reglages {
  automatique_depuis: string | null
  automatique_nom: string | null
  /** Relances that leave in one day at most. */
  plafond_jour: number
  /** Days that pass at least between two relances of one courrier. */
  ecart_jours: number
  texte_relance_1: string
  texte_relance_2: string
  texte_mise_en_demeure: string
}

/** A courrier whose next step is due. */
export interface Due {
  id: string
  numero: string
  genre: GenreRelance
  objet: string
  destinataire: 'adherent' | 'cabinet'
  publie_le: string
  a_repondre_avant: string
  adherent_id: string | null
  structure_id: string | null
  cloture_id: string | null
  adherent_numero: string | null
  adherent_nom: string | null
  structure_nom: string | null
  rang: Rang
  delai_jours: number
  /** Since when the answer is awaited: a new question begins a new count. */
  cycle_le: string
  /** Day of the last relance of any kind, which it is too soon after. */
  derniere: string | null
  trop_tot: boolean
}

export interface Lettre {
  genre: Genre
  objet: string
  corps: string
}

/** What the relance says: the organisme's words, and what is still awaited as it stands that day. */
export function lettreOf(
  due: Due,
  reglages: Reglages,
  about: { organisme: string; echeance: string; ouvertes: readonly (Demande & { ordre: number })[] },
): Lettre {
  const text = {
    1: reglages.texte_relance_1,
    2: reglages.texte_relance_2,
    3: reglages.texte_mise_en_demeure,
  }[due.rang]
  const { texte } = fill(text, {
    numero: due.adherent_numero,
    nom: due.adherent_nom ?? due.structure_nom,
    cabinet: due.structure_nom,
    organisme: about.organisme,
    echeance: date(about.echeance),
    courrier: due.numero,
    date_courrier: date(due.publie_le),
    objet: due.objet,
  })
  const list = about.ouvertes.map(
    (q) => `${q.nature === 'piece' ? 'Pièce' : 'Question'} ${q.ordre} : ${q.texte}`,
  )
  const prefix = due.rang === 3 ? 'Mise en demeure' : `Relance n° ${due.rang}`
  return {
    genre: due.rang === 3 ? 'mise_en_demeure' : 'relance',
    objet: `${prefix} : ${due.objet}`,
    corps: list.length === 0 ? texte : `${texte}\n\nReste attendu :\n\n${list.join('\n\n')}`,
  }
}
