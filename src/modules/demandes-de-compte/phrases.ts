import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'demande-de-compte.recue': 'Demande de compte reçue',
  'demande-de-compte.lien-envoye': 'Demande de compte acceptée, lien d’activation envoyé',
  'demande-de-compte.precisee': 'Précision donnée par un visiteur',
  'demande-de-compte.refusee': 'Demande de compte refusée',
  'gestion.demandes-de-compte.decide': 'Demande de compte traitée',
}
