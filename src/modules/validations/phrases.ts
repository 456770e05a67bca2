import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'validations.exportees': 'Liste des réponses à valider exportée',
  'reponse.acceptee': 'Réponse acceptée',
  'reponse.rejetee': 'Réponse rejetée',
  'suppleance.nommee': 'Suppléant nommé',
  'suppleance.terminee': 'Suppléance terminée',
  'validations.decide': 'Réponse validée ou rejetée',
  'validations.suppleance': 'Suppléance modifiée',
}
