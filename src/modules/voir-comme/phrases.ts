import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'voir-comme.debut': '«\u00a0Voir comme\u00a0» ouvert',
  'voir-comme.fin': '«\u00a0Voir comme\u00a0» fermé',
  'voir-comme.open': '«\u00a0Voir comme\u00a0» ouvert',
  'accueil.read': '«\u00a0Voir comme\u00a0» fermé',
}
