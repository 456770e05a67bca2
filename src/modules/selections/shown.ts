import type { Db } from '../../kernel/db.ts'
import { pluriel } from '../../kernel/formats.ts'
import { DEPART, type Etats, type Track } from '../clotures/cloture.ts'
import { stateLabel, trackLabel } from '../clotures/libelles.ts'
import { regimeAt } from '../clotures/regime.ts'
import { readRegles } from '../clotures/queries.ts'
import { type Choix, countSelection, listChoix, listUnknown } from './queries.ts'
import { PISTES, type Selection } from './selection.ts'

const ETATS: { [T in Track]: Etats[T][] } = {
  reception: ['attendue', 'relancee_1', 'relancee_2', 'mise_en_demeure', 'recue', 'incomplete', 'complete', 'sans_objet'],
  attestation: ['a_emettre', 'emise', 'consultee', 'annulee'],
  eccv: [
    'a_faire', 'en_cours', 'questions_posees', 'reponse_a_valider', 'reponse_recue', 'termine_sans_anomalie',
    'termine_avec_anomalies',
  ],
  eps: [
    'non_selectionne', 'selectionne', 'fichier_demande', 'fichier_recu', 'pieces_demandees', 'pieces_recues', 'termine',
    'fichier_detruit',
  ],
  crm: ['en_attente', 'redige', 'signe', 'envoye_adherent', 'transmis_sie', 'ar_sie', 'rectificatif'],
  dossier_gestion: ['a_faire', 'calcule', 'commente', 'publie', 'consulte'],
} // prettier-ignore

export interface FormeSelection {
  selection: Selection
  professions: Choix[]
  cabinets: Choix[]
  exercices: Choix[]
  regimes: Choix[]
  pistes: { nom: string; libelle: string; choix: Choix[] }[]
  /** A state of a track is asked for: the block is open. */
  pistesOuvertes: boolean
  compte: number
  phrase: string
}

/** All that `macros/selection.njk` shows: the fields with their choices, and how many there are now. */
export async function showSelection(db: Db, selection: Selection, today: string): Promise<FormeSelection> {
  const [choix, regles, compte, unknown] = await Promise.all([
    listChoix(db),
    readRegles(db),
    countSelection(db, selection, today),
    listUnknown(db, selection),
  ])
  const regime = regimeAt(today, regles.regime)
  return {
    selection,
    ...choix,
    pistes: (Object.keys(DEPART) as Track[]).map((track) => ({
      nom: track,
      libelle: trackLabel(track, regime),
      choix: ETATS[track].map((state) => ({ valeur: state, libelle: stateLabel(track, state as never) })),
    })),
    pistesOuvertes: PISTES.some((piste) => selection[piste] !== ''),
    compte,
    phrase: phraseOf(compte, unknown),
  }
}

/** « 128 adhérents sélectionnés. 2 saisies ne correspondent à personne : 99 999, Durand. » */
export function phraseOf(compte: number, unknown: readonly string[]): string {
  const found =
    compte === 0
      ? 'Personne ne correspond.'
      : `${pluriel(compte, 'adhérent sélectionné', 'adhérents sélectionnés')}.`
  if (unknown.length === 0) return found
  const shown = unknown.slice(0, 10).join(', ')
  return `${found} ${pluriel(unknown.length, 'saisie ne correspond', 'saisies ne correspondent')} à personne : ${shown}${unknown.length > 10 ? '…' : '.'}`
}
