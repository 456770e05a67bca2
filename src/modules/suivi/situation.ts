import { type Regime, intitules } from '../clotures/regime.ts'

/*
 * Where a dossier stands is one word, its situation: the first thing that keeps it from being over. An étape is a group
 * of situations, in the order of the works. The database works it out (app.suivi_calcul); here are its words.
 */

export const SITUATIONS = [
  'liasse_attendue',
  'liasse_relancee',
  'mise_en_demeure',
  'pieces_manquantes',
  'controle_a_faire',
  'controle_en_cours',
  'eps_en_cours',
  'questions_posees',
  'reponse_a_valider',
  'reponse_recue',
  'compte_rendu_a_rediger',
  'compte_rendu_a_envoyer',
  'attestation_a_emettre',
  'dossier_gestion_a_publier',
  'termine',
  'sans_objet',
] as const
export type Situation = (typeof SITUATIONS)[number]

export const ETAPES = [
  'liasse',
  'controle',
  'questions',
  'reponses',
  'compte_rendu',
  'attestation',
  'dossier_gestion',
  'termine',
  'sans_objet',
] as const
export type Etape = (typeof ETAPES)[number]

export const SITUATIONS_DE: Record<Etape, readonly Situation[]> = {
  liasse: ['liasse_attendue', 'liasse_relancee', 'mise_en_demeure'],
  controle: ['pieces_manquantes', 'controle_a_faire', 'controle_en_cours', 'eps_en_cours'],
  questions: ['questions_posees', 'reponse_a_valider'],
  reponses: ['reponse_recue'],
  compte_rendu: ['compte_rendu_a_rediger', 'compte_rendu_a_envoyer'],
  attestation: ['attestation_a_emettre'],
  dossier_gestion: ['dossier_gestion_a_publier'],
  termine: ['termine'],
  sans_objet: ['sans_objet'],
}

export function etapeOf(situation: Situation): Etape {
  return ETAPES.find((etape) => SITUATIONS_DE[etape].includes(situation))!
}

export function libellesEtapes(regime: Regime): Record<Etape, string> {
  const titles = intitules(regime)
  return {
    liasse: 'Liasse attendue',
    controle: 'Liasse reçue, contrôle à mener',
    questions: 'Questions sans réponse',
    reponses: 'Réponses à examiner',
    compte_rendu: `${titles.compteRendu} à établir`,
    attestation: `${titles.attestation} à émettre`,
    dossier_gestion: 'Dossier de gestion à publier',
    termine: 'Terminé',
    sans_objet: 'Sans objet',
  }
}

export function libellesSituations(regime: Regime): Record<Situation, string> {
  const agree = regime === 'AGREE'
  return {
    liasse_attendue: 'Liasse attendue',
    liasse_relancee: 'Liasse relancée',
    mise_en_demeure: 'Mise en demeure envoyée',
    pieces_manquantes: 'Liasse incomplète',
    controle_a_faire: 'Contrôle à commencer',
    controle_en_cours: 'Contrôle en cours',
    eps_en_cours: agree ? 'Examen de sincérité en cours' : 'Contrôle de pièces en cours',
    questions_posees: 'Questions sans réponse',
    reponse_a_valider: 'Réponse à valider par le superviseur',
    reponse_recue: 'Réponse à examiner',
    compte_rendu_a_rediger: 'Compte rendu à rédiger',
    compte_rendu_a_envoyer: 'Compte rendu à envoyer',
    attestation_a_emettre: 'Attestation à émettre',
    dossier_gestion_a_publier: 'Dossier de gestion à publier',
    termine: 'Terminé',
    sans_objet: 'Sans objet',
  }
}

/** Whom a dossier waits for. */
export const ATTENTES = ['organisme', 'cabinet', 'adherent'] as const
export type Attente = (typeof ATTENTES)[number] | 'personne'

/** The kinds of limit, each a column `…_avant`; `reponse` is the day written on a courrier, the others are legal. */
export const LIMITES = ['liasse', 'controle', 'compte_rendu', 'dossier_gestion'] as const
export type Limite = (typeof LIMITES)[number]

export const PAPIERS = ['liasse', 'controle', 'compte_rendu', 'attestation', 'dossier_gestion'] as const
export type Papier = (typeof PAPIERS)[number]

/** What is done or left to do, independent of the étape: the tracks of a clôture, as the board counts them. */
export function libellesPapiers(regime: Regime): Record<Papier, { fait: string; reste: string }> {
  const titles = intitules(regime)
  return {
    liasse: { fait: 'Liasses reçues', reste: 'Liasses à recevoir' },
    controle: { fait: 'Contrôles terminés', reste: 'Contrôles à terminer' },
    compte_rendu: {
      fait: `${plural(titles.compteRendu)} envoyés`,
      reste: `${plural(titles.compteRendu)} à envoyer`,
    },
    attestation: {
      fait: `${plural(titles.attestation)} émises`,
      reste: `${plural(titles.attestation)} à émettre`,
    },
    dossier_gestion: { fait: 'Dossiers de gestion publiés', reste: 'Dossiers de gestion à publier' },
  }
}

/** « Comptes rendus de mission », « Attestations d’adhésion »: the first words take the plural. */
function plural(title: string): string {
  return title.replace(/^Compte rendu/, 'Comptes rendus').replace(/^Attestation/, 'Attestations')
}

export const GENRE_SITUATION: Record<Situation, string> = {
  liasse_attendue: 'neutre',
  liasse_relancee: 'attente',
  mise_en_demeure: 'alerte',
  pieces_manquantes: 'attente',
  controle_a_faire: 'cours',
  controle_en_cours: 'cours',
  eps_en_cours: 'cours',
  questions_posees: 'attente',
  reponse_a_valider: 'attente',
  reponse_recue: 'cours',
  compte_rendu_a_rediger: 'cours',
  compte_rendu_a_envoyer: 'cours',
  attestation_a_emettre: 'cours',
  dossier_gestion_a_publier: 'cours',
  termine: 'succes',
  sans_objet: 'neutre',
}
