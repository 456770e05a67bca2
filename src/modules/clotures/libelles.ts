import type { Etats, Track } from './cloture.ts'
import { intitules, type Regime } from './regime.ts'

/** What a track is called on pages and papers. */
export function trackLabel(track: Track, regime: Regime): string {
  const titles = intitules(regime)
  const labels: Record<Track, string> = {
    reception: 'Réception de la liasse',
    attestation: titles.attestation,
    eccv: titles.controle,
    eps: regime === 'AGREE' ? 'Examen périodique de sincérité' : 'Contrôle de pièces',
    crm: titles.compteRendu,
    dossier_gestion: titles.dossierGestion,
  }
  return labels[track]
}

/** What a state is called: the words of a status pill. */
export function stateLabel<T extends Track>(track: T, state: Etats[T]): string {
  return LABELS[track][state]
}

const LABELS: { [T in Track]: Record<Etats[T], string> } = {
  reception: {
    attendue: 'Attendue',
    relancee_1: 'Relancée une fois',
    relancee_2: 'Relancée deux fois',
    mise_en_demeure: 'Mise en demeure envoyée',
    recue: 'Reçue',
    incomplete: 'Incomplète',
    complete: 'Complète',
    sans_objet: 'Sans objet',
  },
  attestation: { a_emettre: 'À émettre', emise: 'Émise', consultee: 'Consultée', annulee: 'Annulée' },
  eccv: {
    a_faire: 'À faire',
    en_cours: 'En cours',
    questions_posees: 'Questions posées',
    reponse_a_valider: 'Réponse à valider',
    reponse_recue: 'Réponse reçue',
    termine_sans_anomalie: 'Terminé sans anomalie',
    termine_avec_anomalies: 'Terminé avec anomalies',
  },
  eps: {
    non_selectionne: 'Non concerné cette année',
    selectionne: 'Sélectionné',
    fichier_demande: 'Fichier demandé',
    fichier_recu: 'Fichier reçu',
    pieces_demandees: 'Pièces demandées',
    pieces_recues: 'Pièces reçues',
    termine: 'Terminé',
    fichier_detruit: 'Terminé, fichier détruit',
  },
  crm: {
    en_attente: 'En attente des contrôles',
    redige: 'Rédigé',
    signe: 'Signé',
    envoye_adherent: 'Envoyé à l’adhérent',
    transmis_sie: 'Transmis au service des impôts',
    ar_sie: 'Reçu par le service des impôts',
    rectificatif: 'Rectificatif en préparation',
  },
  dossier_gestion: {
    a_faire: 'À faire',
    calcule: 'Calculé',
    commente: 'Commenté',
    publie: 'Publié',
    consulte: 'Consulté',
  },
}
