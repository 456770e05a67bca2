import type { Genre } from '../documents/document.ts'
import { type Couverture, couverture } from './adhesion.ts'
import type { Jour } from './calendrier.ts'
import { type Contexte, type Decision, type Etats, type Track, canMove, nextStates } from './cloture.ts'
import { parametresAt } from './echeances.ts'
import { stateLabel } from './libelles.ts'
import { draft, etatsOf } from './presentation.ts'
import type { AdherentDeCloture, Cloture, Regles } from './queries.ts'
import { regimeAt } from './regime.ts'

/** In addresses, the three documents by their French names. */
export const GENRE_OF = {
  attestation: 'attestation',
  'compte-rendu': 'compte_rendu',
  'dossier-de-gestion': 'dossier_gestion',
} as const satisfies Record<string, Genre>

export type GenreInPath = keyof typeof GENRE_OF
export const GENRES_IN_PATH = Object.keys(GENRE_OF) as GenreInPath[]

export const PISTES = ['reception', 'attestation', 'eccv', 'eps', 'crm', 'dossier_gestion'] as const

/** How far the membership covers the year. */
export function couvertureOf(
  c: Pick<Cloture, 'debut' | 'fin'>,
  adherent: Pick<AdherentDeCloture, 'adhesion_le' | 'perte_qualite_le'>,
  regles: Regles,
): Couverture {
  return couverture(
    { debut: c.debut, fin: c.fin },
    {
      depuis: adherent.adhesion_le,
      premiere: true,
      demissionAilleurs: null,
      perdueLe: adherent.perte_qualite_le,
    },
    parametresAt(regles.parametres, c.fin),
  )
}

export function contexteOf(
  c: Etats & Pick<Cloture, 'debut' | 'fin' | 'cotisation_reglee_le'>,
  adherent: Pick<AdherentDeCloture, 'adhesion_le' | 'perte_qualite_le'>,
  regles: Regles,
  today: Jour,
): Contexte {
  return {
    etats: etatsOf(c),
    regime: regimeAt(today, regles.regime),
    adhesionValide: couvertureOf(c, adherent, regles).statut !== 'aucune',
    cotisationReglee: c.cotisation_reglee_le !== null,
    cotisationExigee: regles.cotisationExigee,
    supervision: false,
    delaiReponseDepasse: true,
    certificatDestruction: null,
  }
}

/** May this document be issued now? A refusal is the sentence of the page. */
export function mayIssue(
  genre: Genre,
  c: Cloture,
  adherent: AdherentDeCloture,
  regles: Regles,
  today: Jour,
): Decision {
  const waiting = draft(c, genre)
  if (waiting) {
    const numero = waiting.numero === null ? '' : ` (n° ${waiting.numero})`
    return {
      ok: false,
      raison: `Un document de ce genre est déjà en préparation${numero} : publiez-le ou retirez-le d’abord.`,
    }
  }
  const contexte = contexteOf(c, adherent, regles, today)
  if (genre === 'attestation') {
    if (c.debut > today) return { ok: false, raison: 'Cet exercice n’a pas commencé.' }
    const from = { ...contexte, etats: { ...contexte.etats, attestation: 'a_emettre' as const } }
    return canMove('attestation', 'a_emettre', 'emise', from)
  }
  if (genre === 'compte_rendu') {
    const from = { ...contexte, etats: { ...contexte.etats, crm: 'en_attente' as const } }
    return canMove('crm', 'en_attente', 'redige', from)
  }
  if (c.comptes === null)
    return { ok: false, raison: 'Les comptes de cet exercice ne sont pas encore saisis.' }
  const from = { ...contexte, etats: { ...contexte.etats, dossier_gestion: 'a_faire' as const } }
  return canMove('dossier_gestion', 'a_faire', 'calcule', from)
}

/** May staff choose this state by hand? Those that a document moves are left to the document. */
export function isByHand(track: Track, state: string): boolean {
  const byDocument = track === 'attestation' || track === 'crm' || track === 'dossier_gestion'
  return !byDocument || state === 'transmis_sie' || state === 'ar_sie'
}

/** The states that staff may choose for a track now. */
export function choicesFor(track: Track, contexte: Contexte): { valeur: string; libelle: string }[] {
  return (nextStates(track, contexte) as string[])
    .filter((state) => isByHand(track, state))
    .map((state) => ({ valeur: state, libelle: stateLabel(track, state as never) }))
}
