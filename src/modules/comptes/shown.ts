import { ETATS, LIBELLES_ROLES, etatOf } from './compte.ts'
import { phraseDe } from '../../kernel/phrases.ts'
import type { Evenement, Ligne } from './queries.ts'

export const LISTE = '/gestion/comptes'
export const pathOf = (id: string): string => `${LISTE}/${id}`

/** What the journal calls an account. */
export function sujet(compte: { id: string; adherent_id: string | null }) {
  return { objet: 'compte', objetId: compte.id, adherentId: compte.adherent_id }
}

export function line(compte: Ligne, today: string) {
  return {
    ...compte,
    libelleRole: LIBELLES_ROLES[compte.role],
    etat: ETATS[etatOf(compte, today)],
    cleEtat: etatOf(compte, today),
  }
}

/** An event of an account, in a sentence; the reason when there is one. */
export function event({ le, acteur, action, detail }: Evenement) {
  return { le, acteur, phrase: phraseDe(action), motif: typeof detail.motif === 'string' ? detail.motif : '' }
}

/** Where a page about an account stands. */
export function trail(compte: { id: string; nom: string }, here?: string) {
  const list = { libelle: 'Comptes', url: LISTE }
  return here === undefined
    ? [list, { libelle: compte.nom }]
    : [list, { libelle: compte.nom, url: pathOf(compte.id) }, { libelle: here }]
}
