import type { Phrases } from '../../kernel/phrases.ts'

export const phrases: Phrases = {
  'agenda.ouvert': 'Adresse d’agenda créée',
  'agenda.ferme': 'Adresse d’agenda fermée',
  'agenda.manage': 'Adresse d’agenda changée',
}
